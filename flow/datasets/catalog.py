"""The query scripts: found by their place in ``queries/``, loaded, and checked, with nothing to register."""

from __future__ import annotations

import ast
import hashlib
import inspect
import json
import linecache
import re
import sys
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import ModuleType

from flow.datasets.dataset import Dataset, faults, named
from flow.datasets.isolation import isolate_script, message
from flow.datasets.naming import derived_ids, graph_names, name_fault
from flow.datasets.parts import faults_of_parts, near
from flow.datasets.place import find_raised, shorten
from flow.datasets.sqltext import without_comments
from flow.datasets.transform import SAID
from flow.errors import ScriptError, Stopped, UsageError
from flow.wiki.schema import SOURCES

RELATIONS = "relations"
#: The macros that read a wiki's core tables, whatever the dataset's source.
OF_CORE = ("core", "core_has", "edits_before")


@dataclass(frozen=True, slots=True)
class Catalog:
    """All query scripts below ``folder``: the ``datasets`` that load, and why the ``broken`` ones do not.

    ``joining``: the ids of those whose SQL joins the tables of its source with the wiki's core tables.
    ``paths``: the file of each script, by its id, and of each relation, by its name with ``.sql``.
    """

    folder: Path
    datasets: Mapping[str, Dataset]
    broken: Mapping[str, ScriptError]
    relations: Mapping[str, str]
    joining: frozenset[str] = frozenset()
    paths: Mapping[str, Path] = field(default_factory=dict)
    _definitions: dict[str, str] = field(default_factory=dict, init=False, compare=False, repr=False)

    @property
    def ids(self) -> list[str]:
        """The ids of all query scripts, broken ones too."""
        return sorted({*self.datasets, *self.broken})

    @property
    def derived(self) -> set[str]:
        """The ids of what is derived from published numbers; of a broken script, of what it may derive."""
        derived = {name for dataset in self.datasets.values() for name in derived_ids(dataset)}
        return derived | {f"{id}_{kind}" for id in self.broken for kind in SAID}

    @property
    def graphs(self) -> list[str]:
        """What a tab may name: the graphs of all that is published. Of a broken script it is not known which it has."""
        return sorted({*self.ids, *(name for dataset in self.datasets.values() for name in graph_names(dataset))})

    def get(self, id: str) -> Dataset:
        """The dataset ``id``. Raises ScriptError if its script is broken, UsageError if there is none."""
        if id in self.broken:
            raise self.broken[id]
        if id not in self.datasets:
            raise UsageError(f"{self.folder}: there is no dataset '{id}'; {near(id, self.ids)}")
        return self.datasets[id]

    def with_inputs(self, ids: list[str]) -> list[str]:
        """``ids`` and all that they are made from, inputs first, each once."""
        found: dict[str, None] = {}
        for id in ids:
            if id not in found:
                below = self.datasets[id].inputs if id in self.datasets else ()
                found |= dict.fromkeys(self.with_inputs(list(below))) | {id: None}
        return list(found)

    def required(self, id: str) -> list[str]:
        """The dataset ``id`` and all that it cannot be made without, inputs first."""
        dataset = self.datasets.get(id)
        below = [input for input in dataset.inputs if input not in dataset.optional] if dataset else []
        return list(dict.fromkeys([*(each for input in below for each in self.required(input)), id]))

    def sources(self, id: str, optional: bool = True) -> list[str]:
        """The sources that the dataset ``id`` is read from, itself or through its inputs; or through those that it requires."""
        ids = self.with_inputs([id]) if optional else self.required(id)
        found = {source for each in ids if each in self.datasets for source in self.own_sources(each)}
        return [name for name in SOURCES if name in found]

    def own_sources(self, id: str) -> list[str]:
        """The sources that the SQL of the dataset ``id`` reads; none for one that is made from others."""
        source = self.datasets[id].source
        return [*filter(None, [source]), *(["core"] if id in self.joining and source != "core" else [])]

    def definition(self, id: str) -> str:
        """A hash of everything that decides the numbers of dataset ``id``, and of nothing else.

        Labels, comments and white space may change without making published numbers stale.
        """
        if id not in self._definitions:
            self._definitions[id] = self._define(id)
        return self._definitions[id]

    def _define(self, id: str) -> str:
        dataset = self.datasets[id]
        if dataset.compute is not None:
            how = [_essence(dataset), *(self.definition(input) for input in dataset.inputs), *dataset.optional]
        else:
            how = [_squeeze(dataset.sql), *(_squeeze(self.relations[name]) for name in self.relations_of(dataset))]
        columns = [[column.id, column.unit.name, *["gaps"] * column.gaps] for column in dataset.columns]
        facts = [columns, dataset.source, dataset.since, dict(dataset.spans), dataset.settles, how, *["stock"] * dataset.stock]
        return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:16]

    def relations_of(self, dataset: Dataset) -> list[str]:
        """The relations that a dataset's SQL selects from, and those that they select from."""
        found: list[str] = []
        texts = [dataset.sql, f"{dataset.begins}()"]
        while texts:
            text = without_comments(texts.pop())
            new = [name for name in self.relations if name not in found and _calls(text, name.partition(".")[0])]
            found += new
            texts += [self.relations[name] for name in new]
        return sorted(found)


def _calls(sql: str, relation: str) -> bool:
    return re.search(rf"\b{relation}\s*\(", sql) is not None


def _joins_core(catalog: Catalog, dataset: Dataset) -> bool:
    texts = [dataset.sql, *(catalog.relations[name] for name in catalog.relations_of(dataset))]
    return dataset.source != "core" and any(_calls(without_comments(text), macro) for text in texts for macro in OF_CORE)


def _squeeze(sql: str) -> str:
    return " ".join(without_comments(sql).split())


def _essence(dataset: Dataset) -> str:
    """The syntax tree of its function, without the docstring; nothing for a dataset with SQL."""
    if dataset.compute is None:
        return ""
    function = ast.parse(textwrap.dedent(inspect.getsource(dataset.compute))).body[0]
    if not isinstance(function, ast.FunctionDef):
        raise TypeError("what computes it must be a function with a name, written with def")
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return "; ".join(ast.dump(statement) for statement in body)


def load(folder: Path, own: Path | None = None) -> Catalog:
    """The catalog of ``folder``, ``queries/`` of the program, and of a folder of one's ``own``.

    What has the same name in both is taken from ``own``. Raises UsageError for a folder that is not there.
    """
    folders = [folder, own] if own else [folder]
    for each in folders:
        if not each.is_dir():
            raise UsageError(f"{each}: there is no such folder of query scripts; name one that is there")
    files = [path for each in folders for path in sorted((each / RELATIONS).glob("*.sql"))]
    relations = {path.stem: _text(path) for path in files}
    datasets: dict[str, Dataset] = {}
    broken: dict[str, ScriptError] = {}
    scripts = find_scripts(folders)
    for path in scripts:
        try:
            _admit(path, [*datasets, *broken])
            with isolate_script(str(shorten(path))):
                datasets[path.stem] = _load_script(path, relations)
        except ScriptError as error:
            broken[path.stem] = error
        except Exception as error:  # facts of a wrong type can fail anywhere: that is the script's own failure too
            what = f"its facts are not what they should be: {type(error).__name__}: {message(error)}"
            broken[path.stem] = ScriptError(f"{shorten(path)}: {what}")
    paths = {path.name: path for path in files} | {path.stem: path for path in scripts}
    found = _without_lost_inputs(Catalog(folder, datasets, broken, relations, paths=paths))
    return replace(found, joining=frozenset(id for id, each in found.datasets.items() if _joins_core(found, each)))


def find_scripts(folders: list[Path]) -> list[Path]:
    """The query scripts, in order, without those that a later folder has, too."""
    found: list[Path] = []
    for folder in folders:
        new = sorted(folder.glob("*/*.py"))
        found = [path for path in found if path.stem not in {each.stem for each in new}] + new
    return found


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: it cannot be read: {getattr(error, 'strerror', None) or 'it is not UTF-8 text'}") from error


def _admit(path: Path, ids: list[str]) -> None:
    for id in ids:
        if id.lower() == path.stem.lower():
            raise ScriptError(f"{path}: '{path.stem}' and '{id}' are the same id to Limn, which ignores case; rename one")


def _load_script(path: Path, relations: Mapping[str, str]) -> Dataset:
    shown = shorten(path)
    module = _run(path, shown)
    dataset = getattr(module, path.stem, None)
    if not isinstance(dataset, Dataset):
        raise ScriptError(f"{shown}: it must define {path.stem} = Dataset(…), named like the file")
    dataset = named(dataset, path.stem, module.__doc__ or "")
    found = faults(dataset)
    if dataset.begins and dataset.begins not in relations:
        found.append(f"begins names '{dataset.begins}', which is no relation; there is {', '.join(relations)}")
    if found:
        raise ScriptError(f"{shown}: {'; '.join(found)}")
    _essence(dataset)
    json.dumps([dataset.title, dataset.about, *dataset.column_ids], ensure_ascii=False).encode()
    return dataset


def _run(path: Path, shown: Path) -> ModuleType:
    # Not by an import: its cache of bytecode takes a script that was changed twice in a second for unchanged.
    module = ModuleType(f"queries.{path.parent.name}.{path.stem}")
    module.__file__ = str(path)
    sys.modules[module.__name__] = module  # inspect.getsource finds a module's file there
    linecache.checkcache(str(path))
    try:
        exec(compile(path.read_bytes(), path, "exec"), module.__dict__)
    except Stopped:
        raise
    except BaseException as error:  # a query script is anybody's code: what it raises is its own failure
        place = find_raised(error, path)
        what = error.msg if isinstance(error, SyntaxError) else message(error)
        text = f"{place or shown}: it does not import: {type(error).__name__}: {what}"
        raise ScriptError(text, place.excerpt() if place else "") from error
    return module


def _without_lost_inputs(catalog: Catalog) -> Catalog:
    """``catalog`` with the datasets moved to the broken ones whose inputs or parts do not exist or go round in a circle."""
    datasets, broken = dict(catalog.datasets), dict(catalog.broken)
    for id in sorted(catalog.datasets):
        why = _input_fault(catalog, id, ()) or name_fault(catalog.datasets, catalog.ids, id)
        why = why or next(faults_of_parts(id, catalog.datasets, catalog.ids), None)
        if why:
            broken[id] = ScriptError(f"{id}: {why}")
            del datasets[id]
    return replace(catalog, datasets=datasets, broken=broken)


def _input_fault(catalog: Catalog, id: str, above: tuple[str, ...]) -> str | None:
    if id in above:
        return f"is made from itself: {' from '.join((*above, id))}"
    if id not in catalog.datasets:
        return f"is made from '{id}', which {'is broken' if id in catalog.broken else 'does not exist'}"
    faults = (_input_fault(catalog, input, (*above, id)) for input in catalog.datasets[id].inputs)
    return next((fault for fault in faults if fault), None)
