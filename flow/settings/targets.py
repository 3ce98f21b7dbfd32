"""Where releases go besides the output folder: another folder, or another host over ssh."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from flow.errors import UsageError

KEYS = {"folder", "rsync", "ssh", "url"}
SSH = "ssh -o BatchMode=yes"
#: As rsync and ssh have it: [user@]host:/path, an IPv6 address in brackets. A leading - would be an option to ssh, also
#: after a bracket, which ssh does not get; and // is rsync's own protocol.
REMOTE = re.compile(
    r"(?P<host>(?:[^\s:@/\[\]-][^\s:@/\[\]]*@)?(?:[^\s:@/\[\]-][^\s:@/\[\]]*|\[[0-9A-Fa-f:.]+(?:%\w+)?\]))"
    r":(?P<path>/(?!/)[^\0\n\r]*)"
)


@dataclass(frozen=True, slots=True)
class Remote:
    """A folder on another host, and the ssh command that leads there."""

    host: str
    path: str
    ssh: str = SSH

    @property
    def command(self) -> list[str]:
        """The ssh command up to the host, word by word; ssh wants an IPv6 address without its brackets."""
        return [*shlex.split(self.ssh), self.host.replace("[", "").replace("]", "")]

    def __str__(self) -> str:
        return f"{self.host}:{self.path}"


@dataclass(frozen=True, slots=True)
class Target:
    """A named place for releases. ``url``: where the dashboard that reads it answers, if that is to be looked at."""

    name: str
    place: Path | Remote
    url: str = ""


def target(name: str, texts: Mapping[str, str], folder: Path | None) -> Target:
    """The target that a section's ``texts`` describe; ``folder`` is its folder, if it has one. Raises UsageError."""
    if ("folder" in texts) == ("rsync" in texts):
        raise UsageError("must say either folder = \"…\" or rsync = \"user@host:/folder\"")
    if folder and "ssh" in texts:
        raise UsageError("ssh is for rsync; a folder needs none")
    return Target(name, folder or _remote(texts["rsync"], texts.get("ssh", SSH)), _url(texts.get("url")))


def _remote(text: str, ssh: str) -> Remote:
    match = REMOTE.fullmatch(text)
    if not match:
        raise UsageError(f"rsync: {_show(text)} is no user@host:/folder; the folder must be a whole path, from / on")
    try:
        words = shlex.split(ssh)
    except ValueError as error:
        raise UsageError(f"ssh: it is no command: {error}") from error
    if not words:
        raise UsageError(f"ssh: '{ssh}' is no command; leave it out for '{SSH}'")
    return Remote(match["host"], match["path"].rstrip("/") or "/", ssh)


def _show(text: str) -> str:
    """A text that is wrong, unless it may hold a password."""
    return "it" if {*"@?"} & {*text} else f"'{text}'"


def _url(text: str | None) -> str:
    if text is None:
        return ""
    try:
        parts = urlsplit(text)
        plain = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        plain = False
    if not plain or parts.query or parts.fragment or re.search(r"[^!-~]", text):
        raise UsageError(f"url: {_show(text)} is no address such as https://stats.example.org/limn")
    if "@" in parts.netloc:
        raise UsageError("url: must hold no user and password; what it leads to is open to all")
    return text.rstrip("/")
