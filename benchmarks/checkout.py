"""A checkout of this project, of any version, and what its commands take and do."""

from __future__ import annotations

import pstats
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import Measured, measured
from benchmarks.wiki import CHECKOUT

#: The last commit of version 1.1.
BEFORE = "512a342"
#: Functions by file and name, under any that a version had.
Functions = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Checkout:
    """The program in ``folder``; ``name`` is ``before`` or ``now``."""

    name: str
    folder: Path

    def run(self, settings: Path, *arguments: str) -> Measured:
        """What ``generate.py run`` takes."""
        return measured([sys.executable, *self._command(settings), *arguments], self.folder)

    def calls(self, settings: Path, counted: Mapping[str, Functions], *arguments: str) -> dict[str, float]:
        """How often ``generate.py run`` calls each of the ``counted`` functions; the same on every machine."""
        with tempfile.NamedTemporaryFile(suffix=".profile") as file:
            measured([sys.executable, "-m", "cProfile", "-o", file.name, *self._command(settings), *arguments], self.folder)
            stats = pstats.Stats(file.name).stats  # type: ignore[attr-defined]
        made = {(Path(path).name, name): many for (path, _, name), (_, many, *_) in stats.items()}
        return {what: sum(made.get(each, 0) for each in functions) for what, functions in counted.items()}

    def settings(self, path: Path, text: str) -> Path:
        """Writes a settings file; where the time stands still it is a demo, in versions that know demos."""
        knows_demo = any('"demo"' in each.read_text("utf-8") for each in (self.folder / "flow/settings").glob("*.py"))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"demo = true\n{text}" if knows_demo else text, "utf-8")
        return path

    def _command(self, settings: Path) -> list[str]:
        return ["generate.py", "--settings", str(settings), "run"]


def checkouts(before: str, work: Path) -> tuple[Checkout, Checkout]:
    """The version ``before``, a folder or a commit, and this one. A commit is unpacked below ``work``."""
    folder = Path(before) if Path(before).is_dir() else _unpack(before, work / "before" / before)
    return Checkout("before", folder.absolute()), Checkout("now", CHECKOUT)


def _unpack(commit: str, folder: Path) -> Path:
    if not (folder / "generate.py").is_file():
        folder.mkdir(parents=True, exist_ok=True)
        archive = subprocess.run(["git", "archive", commit], cwd=CHECKOUT, check=True, stdout=subprocess.PIPE).stdout
        subprocess.run(["tar", "-x"], cwd=folder, input=archive, check=True)
    return folder
