#!/bin/sh
# Makes .venv and installs this checkout into it: $1 is . or, with what its tests need, .[test].
set -eu

PYTHON=${PYTHON:-python3}
ROOT=
[ "$(id -u)" -eq 0 ] || ROOT="sudo -n"

command -v "$PYTHON" >/dev/null || { echo "$PYTHON is missing: install python3, 3.11 or later" >&2; exit 2; }
"$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$PYTHON is older than 3.11" >&2; exit 2; }

if [ ! -x .venv/bin/python ] || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    # Debian and Ubuntu keep what makes an environment in a package of its own.
    if ! "$PYTHON" -c 'import ensurepip, venv' 2>/dev/null; then
        echo "python3-venv is missing; installing it" >&2
        { $ROOT apt-get update -qq && $ROOT apt-get install -y -qq --no-install-recommends python3-venv >/dev/null; } || {
            echo "python3-venv cannot be installed from here; run: apt-get install python3-venv" >&2
            exit 2
        }
    fi
    rm -rf .venv
    "$PYTHON" -m venv .venv
fi

.venv/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable "$1"
