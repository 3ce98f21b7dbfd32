"""``new`` and ``init``: files to start from."""

from __future__ import annotations

import keyword
from pathlib import Path

from flow import terminal
from flow.datasets.catalog import Catalog
from flow.datasets.dataset import DATASET_ID
from flow.errors import UsageError

TEMPLATES = Path(__file__).parent / "templates"


def new(checkout: Path, catalog: Catalog, id: str, subject: str, source: str) -> int:
    """Writes the query script and the test case of a new dataset. Raises UsageError if its name is bad or taken."""
    for name, what in ((id, "dataset"), (subject, "subject")):
        if not DATASET_ID.fullmatch(name) or keyword.iskeyword(name):
            raise UsageError(f"{what} '{name}': lower-case letters, digits and _, a letter first, and no word of Python's")
    if id in catalog.ids or subject == "relations":
        raise UsageError(f"{id if id in catalog.ids else subject}: this name is taken")
    script = checkout / "queries" / subject / f"{id}.py"
    case = checkout / "tests" / "queries" / subject / f"{id}.toml"
    for path, template in ((script, f"{source}_script.py.txt"), (case, f"{source}_case.toml.txt")):
        _write(path, (TEMPLATES / template).read_text("utf-8").replace("DATASET", id))
    print(f"{script}\n{case}")
    terminal.aside(f"Next: say what counts in the script's docstring, then run: .venv/bin/python -m pytest tests/queries -k {id}")
    return 0


def init(path: Path) -> int:
    """Writes a commented settings file. Raises UsageError if there is one already."""
    _write(path, (TEMPLATES / "settings.toml.txt").read_text("utf-8"))
    print(path)
    terminal.aside("Next: name your wikis and their databases in it, then run: generate.py run --dry-run")
    return 0


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise UsageError(f"{path}: it is there already, and is left as it is") from error
    except OSError as error:
        raise UsageError(f"{path}: it cannot be written: {error.strerror}") from error
