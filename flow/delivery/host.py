"""A target that is a folder of another host: rsync brings the files, and a few lines of sh over ssh switch the link."""

from __future__ import annotations

import shlex
import subprocess
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from flow.delivery import scripts
from flow.delivery.place import KEPT_RELEASES, LiveRelease, release_of
from flow.delivery.release import UNFINISHED, Release
from flow.errors import FlowError, Unreachable, UsageError
from flow.settings.targets import Remote
from flow.shelf import RELEASES

PACKAGES = {"ssh": "openssh-client", "rsync": "rsync"}
SECONDS = 300
#: The exit code of ssh itself, when it cannot get through. Source: ssh(1), EXIT STATUS.
NO_CONNECTION = 255
#: A protocol that broke off, and timeouts. Source: rsync(1), EXIT VALUES.
BROKEN_OFF = {NO_CONNECTION, 12, 30, 35}


@dataclass(frozen=True, slots=True)
class Host:
    """The folder of ``remote``."""

    remote: Remote

    def __str__(self) -> str:
        return str(self.remote)

    def live_release(self) -> LiveRelease:
        """What readers see there now."""
        link, _, text = self._tell(scripts.LOOK, "cannot be looked at").partition(b"\n")
        return LiveRelease(release_of(link.decode(errors="replace"), self), text) if link else LiveRelease()

    def locked(self) -> AbstractContextManager[object]:
        """Keeps nobody away for long: the host locks itself for the switch alone, where it has flock."""
        return nullcontext()

    def refresh(self, release: Release, id: str) -> None:
        """Brings those files of ``release`` that differ; rsync renames each into its place."""
        self._bring(release, id)

    def deliver(self, release: Release, before: str) -> str:
        """Brings the release under a hidden name, as links to ``before`` where nothing changed, then switches the link."""
        partial = f".{release.id}.partial"
        self._tell(scripts.PREPARE, "cannot take a release")
        self._bring(release, partial, "--delete", *([f"--link-dest=../{before}"] if before else []))
        words = {"partial": partial, "id": release.id, "before": before, "most": str(KEPT_RELEASES)}
        return self._tell(scripts.DELIVER, "cannot be switched", **words).decode().strip()

    def forget_others(self, id: str) -> None:
        """Removes all releases there but the release ``id``."""
        self._tell(scripts.FORGET, "cannot be tidied", id=id)

    def switch(self, id: str, since: str) -> bool:
        """Leads readers to the release ``id``, unless somebody else has delivered since; whether it did."""
        return bool(self._tell(scripts.SWITCH, "cannot be switched back", id=id, since=since))

    def _tell(self, body: str, fault: str, **words: str) -> bytes:
        """What the host prints when it runs a script. Raises Unreachable, or UsageError with ``fault``."""
        done = self._run([*self.remote.command, "sh -s"], scripts.script(body, folder=self.remote.path, **words))
        if done.returncode == NO_CONNECTION:
            by_hand = shlex.join([*self.remote.command, "true"])
            raise Unreachable(f"{self.remote.host}: ssh does not get through: {_last(done.stderr)}; try by hand: {by_hand}")
        if done.returncode:
            raise UsageError(f"{self}: the target's folder {fault}: {_last(done.stderr)}")
        return done.stdout

    def _bring(self, release: Release, name: str, *options: str) -> None:
        # -s: names in the path are the host's, not words of its shell; --checksum: the clocks of two hosts tell nothing.
        # --whole-file: the files are small, and rsync 3.2.7 refuses what it has pieced together from --link-dest.
        command = ["rsync", "-a", "-s", "--no-owner", "--no-group", "--checksum", "--whole-file"]
        command += [f"--timeout={SECONDS}", f"--exclude={UNFINISHED}"]
        paths = [f"{release.folder}/", f"{self.remote}/{RELEASES}/{name}/"]
        done = self._run([*command, *options, "-e", self.remote.ssh, *paths], b"", None)
        if done.returncode in BROKEN_OFF:
            raise Unreachable(f"{self}: rsync broke off: {_first(done.stderr)}; what has come so far is not seen; publish again")
        if done.returncode:
            raise FlowError(f"{self}: rsync could not bring everything: {_first(done.stderr)}; publish again when it is mended")

    def _run(self, command: list[str], given: bytes, seconds: int | None = SECONDS) -> subprocess.CompletedProcess[bytes]:
        try:
            return subprocess.run(command, input=given, capture_output=True, check=False, timeout=seconds)
        except OSError as error:
            package = PACKAGES.get(command[0])
            hint = f"install the package {package}" if package else "correct the target's ssh in the settings"
            raise UsageError(f"{command[0]}: this program cannot be run: {error.strerror}; {hint}") from error
        except subprocess.TimeoutExpired as error:
            raise Unreachable(f"{self.remote.host}: ssh got no answer in {seconds} seconds; try again when it answers") from error


def _last(said: bytes) -> str:
    """The last line, which is ssh's own; before it stand greetings and warnings."""
    return next(reversed(_lines(said)), "it says nothing of why")


def _first(said: bytes) -> str:
    """rsync says what happened first, and sums up in the end."""
    return next((line for line in _lines(said) if line.startswith(("rsync", "ERROR"))), _last(said))


def _lines(said: bytes) -> list[str]:
    return [line.strip() for line in said.decode(errors="replace").splitlines() if line.strip()]
