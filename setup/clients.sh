#!/bin/sh
# Installs what the tests start or call beside Python, where it is missing and apt can be used: the servers that they run
# for themselves (MariaDB, ssh, nginx), the clients of these, the sqlite3 shell, and what checks the files in deploy/.
set -eu

PACKAGES="mariadb-server-core mariadb-client-core sqlite3 openssh-server openssh-client rsync nginx logrotate"

missing=
for program in mariadbd mariadb-install-db mariadb sqlite3 sshd ssh rsync nginx logrotate; do
    command -v "$program" >/dev/null || [ -x "/usr/sbin/$program" ] || missing="$missing $program"
done
[ -n "$missing" ] || exit 0

ROOT=
[ "$(id -u)" -eq 0 ] || ROOT="sudo -n"

# The tests start their own servers; those of the packages would listen to the world, now and after each start.
POLICY=/usr/sbin/policy-rc.d
start_nothing() {
    [ ! -e "$POLICY" ] || return 0
    trap '$ROOT rm -f "$POLICY"' EXIT
    printf '#!/bin/sh\nexit 101\n' | $ROOT tee "$POLICY" >/dev/null && $ROOT chmod 755 "$POLICY"
}
start_nothing_later() {
    for server in sshd:ssh nginx:nginx; do
        case "$missing " in
            *" ${server%:*} "*) $ROOT systemctl --quiet disable "${server#*:}" 2>/dev/null || : ;;
        esac
    done
}

echo "missing:$missing; installing $PACKAGES" >&2
{ command -v apt-get >/dev/null && start_nothing && $ROOT apt-get update -qq &&
  $ROOT env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $PACKAGES >/dev/null; } || {
    echo "they cannot be installed from here; run: apt-get install $PACKAGES" >&2
    exit 2
}
start_nothing_later
