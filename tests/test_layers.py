"""An import only ever points down."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.conftest import CHECKOUT

#: From the top to the bottom; none imports another of its own line.
LAYERS = [
    {"generate"},
    {"flow.commands"},
    {"flow.cases"},
    {"flow.pipeline", "flow.checking"},
    {"flow.doctor", "flow.simulate"},
    {"flow.delivery", "flow.engines"},
    {"flow.publication", "flow.limn"},
    {"flow.settings"},
    {"flow.shelf", "flow.privacy", "flow.sql"},
    {"flow"},
    {"flow.datasets"},
    {"flow.wiki", "flow.stopping", "flow.streams", "flow.terminal", "flow.quoted"},
    {"flow.errors"},
]

#: What may be imported only where it is needed, and where that is.
DRIVERS = {
    "sqlalchemy": {"flow/engines"},
    "pymysql": {"flow/engines/mariadb.py"},
    "sqlite3": {"flow/engines/sqlite.py", "flow/simulate/load.py"},
    "pandas": {"flow/engines", "flow/datasets/result.py"},
    "rich": {"flow/terminal"},
    "click": {"generate.py", "flow/commands/options.py", "flow/commands/operator.py", "flow/commands/group.py"},
    "tenacity": {"flow/engines/retrying.py"},
    "highspy": {"flow/privacy/solver.py"},
    "prometheus_client": {"flow/publication/metrics.py"},
    "sqlglot": {"flow/checking/lint.py", "flow/checking/ranges.py"},
    "filelock": {"flow/shelf/lock.py"},
    "jinja2": {"flow/sql/macros.py", "flow/sql/marks.py"},
}


def sources() -> list[Path]:
    return [CHECKOUT / "generate.py", *sorted((CHECKOUT / "flow").rglob("*.py"))]


def layer(module: str) -> int:
    parts = module.split(".")
    names = [".".join(parts[:2])] if parts[0] == "flow" and len(parts) > 1 else [parts[0]]
    return next(number for number, line in enumerate(LAYERS) if set(names) & line)


def module_of(path: Path) -> str:
    parts = path.relative_to(CHECKOUT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path) -> list[str]:
    """The modules that a file imports, also inside functions, but not for types only."""
    tree = ast.parse(path.read_text("utf-8"))
    typing_only = {id(node) for test in ast.walk(tree) if _for_types(test) for node in ast.walk(test)}
    found = []
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            found += [name.name for name in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found += [f"flow.{name.name}" for name in node.names] if node.module == "flow" else [node.module]
    return found


def _for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(CHECKOUT)))
def test_an_import_points_down(path: Path):
    own = module_of(path)
    for name in imports(path):
        if name.split(".")[0] not in ("flow", "generate"):
            continue
        same_room = own.split(".")[:2] == name.split(".")[:2]
        assert same_room or layer(name) > layer(own), f"{own} imports {name}"


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(CHECKOUT)))
def test_a_library_is_imported_only_where_it_belongs(path: Path):
    place = str(path.relative_to(CHECKOUT))
    for name in imports(path):
        homes = DRIVERS.get(name.split(".")[0])
        assert homes is None or any(place.startswith(home) for home in homes), f"{place} imports {name}"


def test_every_module_has_its_layer():
    assert all(layer(module_of(path)) >= 0 for path in sources())
