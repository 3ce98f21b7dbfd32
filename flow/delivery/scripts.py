"""The commands for a target's host, in POSIX sh; ``mv -T`` is GNU's and BusyBox's.

``$folder``: the target's folder. ``$partial``, ``$id``, ``$before``, ``$since``, ``$most``: names in it, and a number.
"""

from __future__ import annotations

import shlex

#: Prints what the link says, then the manifest of that release, the link being read once.
LOOK = """
[ -e "$folder" ] || exit 0
cd "$folder"
if [ -L public ]; then
    release=$(readlink public)
    printf '%s\\n' "$release"
    [ ! -e "$release/manifest.json" ] || cat "$release/manifest.json"
elif [ -e public ]; then
    echo public
fi
"""

PREPARE = """
mkdir -p "$folder/releases"
[ -w "$folder" ] && [ -w "$folder/releases" ] || { echo 'Permission denied' >&2; exit 1; }
command -v rsync >/dev/null || { echo 'rsync is missing: install the package rsync there' >&2; exit 1; }
"""

_ALONE = """
cd "$folder"
if command -v flock >/dev/null; then exec 9>.lock; flock 9; fi
"""

_LINK = """
rm -f .public.new
ln -s "releases/$id" .public.new
mv -T .public.new public
"""

#: The new release is on disk before it is seen. It and the one before are kept, whatever their names. What was left
#: unfinished goes when it is surely nobody's work any more; that something old cannot be removed is no failure.
DELIVER = (
    _ALONE
    + """
sync -f "$folder" 2>/dev/null || sync
free=$id
number=1
while [ -e "releases/$free" ]; do number=$((number + 1)); free=$id-$number; done
id=$free
mv -T "releases/$partial" "releases/$id"
"""
    + _LINK
    + """
find releases -maxdepth 1 -name '.*.partial' -ctime +1 -exec rm -rf {} + || :
most=$((most - 1))
[ -z "$before" ] || most=$((most - 1))
ls -1 releases | sort -r | while IFS= read -r name; do
    if [ "$name" = "$id" ] || [ "$name" = "$before" ]; then continue; fi
    if [ "$most" -gt 0 ]; then most=$((most - 1)); else rm -rf "releases/$name" || :; fi
done
echo "$id"
"""
)

FORGET = (
    _ALONE
    + """
[ "$(readlink public)" = "releases/$id" ] || exit 0
ls -1 releases | while IFS= read -r name; do
    [ "$name" = "$id" ] || rm -rf "releases/$name"
done
"""
)

SWITCH = _ALONE + '[ "$(readlink public)" = "releases/$since" ] || exit 0' + _LINK + 'echo "$id"'


def script(body: str, **words: str) -> bytes:
    """The script with its words, each quoted; nothing of it is done before all of it has come."""
    named = "\n".join(f"{name}={shlex.quote(word)}" for name, word in words.items())
    return f"main() {{\nset -eu\n{named}\n{body}\n}}\nmain\n".encode()
