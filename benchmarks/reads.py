"""How many index entries MariaDB looks at for a dataset, which, unlike time, is the same on every machine."""

from __future__ import annotations

from typing import Any

from benchmarks.opening import opened
from benchmarks.wiki import WIKI, periods
from flow.datasets.period import Grain, runs
from flow.engines import Engine
from flow.pipeline.reading import MOST_PERIODS, Choices, Reader
from flow.sql.request import choices

KINDS = tuple(f"Handler_read_{kind}" for kind in ("first", "key", "last", "next", "prev"))
TABLES = {"core": ("revision", "archive"), "flow": ("flow_revision",)}


def index_reads(settings: str, counts: dict[str, int]) -> dict[str, Any]:
    """``{dataset: {reads, rows, per_row}}``: 60 months, grouped; the rows are those of the revisions it counts."""
    with opened(settings) as (found, sources):
        made = [each for each in found.datasets.values() if not each.compute]
        reads = {each.id: _reads(Reader(found, sources), each) for each in made}
        rows = {each.id: sum(counts[table] for table in TABLES[str(each.source)]) for each in made}
    return {id: {"reads": reads[id], "rows": rows[id], "per_row": reads[id] / rows[id]} for id in reads}


def _reads(reader: Reader, made: Any) -> int:
    engine = reader.sources.get(WIKI, made.source).engine
    before = _status(engine)
    for run in runs(periods(Grain.MONTH), MOST_PERIODS[Grain.MONTH]):
        reader.rows(made, WIKI, run, Choices(*choices(made.spans, {})))
    return _status(engine) - before


def _status(engine: Engine) -> int:
    frame = engine.read("SHOW SESSION STATUS LIKE 'Handler_read%'", {})
    values = {str(name): int(value) for name, value in frame.itertuples(index=False)}
    return sum(values[kind] for kind in KINDS)
