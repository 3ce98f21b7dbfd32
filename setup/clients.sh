#!/bin/sh
# Installs what the tests start or call beside Python, where it is missing and apt can be used: the MariaDB server that
# they run for themselves, its client, and the sqlite3 shell.
set -eu

PACKAGES="mariadb-server-core mariadb-client-core sqlite3"

missing=
for program in mariadbd mariadb-install-db mariadb sqlite3; do
    command -v "$program" >/dev/null || [ -x "/usr/sbin/$program" ] || missing="$missing $program"
done
[ -n "$missing" ] || exit 0

ROOT=
[ "$(id -u)" -eq 0 ] || ROOT="sudo -n"
echo "missing:$missing; installing $PACKAGES" >&2
{ command -v apt-get >/dev/null && $ROOT apt-get update -qq &&
  $ROOT env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $PACKAGES >/dev/null; } || {
    echo "they cannot be installed from here; run: apt-get install $PACKAGES" >&2
    exit 2
}
