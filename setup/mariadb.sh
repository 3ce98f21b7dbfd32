#!/bin/sh
# Installs the MariaDB server that the tests start for themselves, where it is missing and apt can be used.
set -eu

for program in mariadbd mariadb-install-db mariadb; do
    command -v "$program" >/dev/null || [ -x "/usr/sbin/$program" ] || missing=$program
done
[ -n "${missing:-}" ] || exit 0

ROOT=
[ "$(id -u)" -eq 0 ] || ROOT="sudo -n"
echo "$missing is missing; installing MariaDB's server and client" >&2
{ command -v apt-get >/dev/null && $ROOT apt-get update -qq &&
  $ROOT env DEBIAN_FRONTEND=noninteractive \
      apt-get install -y -qq --no-install-recommends mariadb-server-core mariadb-client-core >/dev/null; } || {
    echo "it cannot be installed from here; run: apt-get install mariadb-server-core mariadb-client-core" >&2
    exit 2
}
