"""``new`` and ``init``: files to start from."""

from __future__ import annotations

import keyword
from pathlib import Path

from flow import terminal
from flow.commands.group import PACKAGES
from flow.datasets.catalog import Catalog
from flow.datasets.dataset import DATASET_ID
from flow.errors import UsageError

TEMPLATES = Path(__file__).parent / "templates"


def place(home: Path, own: Path | None) -> Path:
    """Where new query scripts and their cases go: to a folder of one's own, or else that of ``home``.

    Raises UsageError if ``home`` is a part of an installed program.
    """
    if own:
        own.mkdir(parents=True, exist_ok=True)
        return own
    if home.parent == PACKAGES:
        raise UsageError('the query scripts are installed; write queries = "queries" at the top of the settings for your own')
    return home / "queries"


def new(queries: Path, catalog: Catalog, id: str, subject: str, source: str) -> int:
    """Writes the query script of a new dataset, and its case beside it. Raises UsageError if its name is bad or taken."""
    for name, what in ((id, "dataset"), (subject, "subject")):
        if not DATASET_ID.fullmatch(name) or keyword.iskeyword(name):
            raise UsageError(f"{what} '{name}': lower-case letters, digits and _, a letter first, and no word of Python's")
    if id in catalog.ids or subject == "relations":
        raise UsageError(f"{id if id in catalog.ids else subject}: this name is taken")
    for suffix, template in ((".py", f"{source}_script.py.txt"), (".toml", f"{source}_case.toml.txt")):
        path = queries / subject / f"{id}{suffix}"
        _write(path, (TEMPLATES / template).read_text("utf-8").replace("DATASET", id))
        print(path)
    terminal.aside(f"Next: say what counts in the script's docstring, then run: generate.py test {id}")
    return 0


def init(path: Path) -> int:
    """Writes a commented settings file. Raises UsageError if there is one already."""
    _write(path, (TEMPLATES / "settings.toml.txt").read_text("utf-8"))
    print(path)
    terminal.aside("Next: name your wikis and their databases in it, then run: generate.py run --dry-run")
    return 0


def _write(path: Path, text: str) -> None:
    try:
        text = terminal.named(text)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise UsageError(f"{path}: it is there already, and is left as it is") from error
    except OSError as error:
        raise UsageError(f"{path}: it cannot be written: {error.strerror}") from error
