"""Whatever a file holds, a reader takes it for what was written, byte for byte, or refuses it; ``make fuzz`` tries much more."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from flow.datasets.transform import Transform
from flow.publication import held, restatements, status
from flow.publication.held import Held
from flow.publication.restatements import Restatement
from flow.publication.status import Failure, Freshness
from flow.shelf import csvfile, manifest
from flow.shelf.csvfile import Damaged
from flow.shelf.entry import ColumnFact, Entry, GraphFact, Key
from flow.shelf.history import Computed, computed_runs
from flow.shelf.manifest import Manifest
from tests.shelf.test_manifest import ENTRY, KEY

thoroughly = settings(max_examples=int(os.environ.get("EXAMPLES", "200")))

COLUMNS = ["a", "b"]
ROWS = {f"2024-{month:02}-01": [str(month * 7), f"0.{month:04}" if month % 3 else ""] for month in range(1, 13)}
WITHHELD = replace(ENTRY, columns=(*ENTRY.columns, ColumnFact("people", "People", "people", "int")), withheld={"people": frozenset({"2024-02-01"})}, gaps={"topics": ("2024-01-01", "2024-03-01")})
DAILY = Entry(Key("talk_edits", "otherwiki", manifest.Grain.DAY), "d", "Edits", ENTRY.columns, (*ENTRY.graphs, GraphFact("beside", "More", ("topics",), "edits", "sqrt", True)), (Computed("2024-02-28", "2024-03-02", "2024-04-02T00:00:00Z", "missing"),), "1" * 64)
TOTALS = replace(ENTRY, key=replace(KEY, dataset="new_topics_cum"), transform=Transform("cum", ("topics",)))
MANIFEST = Manifest({KEY: WITHHELD, DAILY.key: DAILY, TOTALS.key: TOTALS}, {"testwiki flow": "2024-01-01"}, {"graphs/a.json": "1"}, release="20240402T000000Z", bots={"testwiki": 3})
LINES = [Restatement("2024-04-02T00:00:00Z", "replies", "testwiki", "week", "2024-03-25", "replies", str(old), str(old + 1), "not settled") for old in range(5)]
FRESH = [
    Freshness("replies", "testwiki", "week", "2024-04-02T00:00:00Z", "2024-04-02T00:00:00Z", "2024-03-31", "2024-03-25", "2024-04-08T06:00:00Z", 12),
    Freshness("replies", "testwiki", "day", None, "2024-04-02T00:00:00Z", waits="for its database", failed=Failure("QueryError", "the SQL failed", "2024-04-01T00:00:00Z")),
]
ODD = st.sampled_from(["", "\0", "\r", "\n", "\ud800", ",", '"', "٣", "9" * 5000, "1e999", "-1", "NaN", "null", "[]", "{}", "true", "9999-12-31", "0001-01-01"])


@st.composite
def mutated(draw: st.DrawFn, text: str) -> str:
    """``text`` with some bytes flipped, cut, doubled, exchanged for others of its own, or for odd ones."""
    for _ in range(draw(st.integers(1, 4))):
        start, end = sorted(draw(st.lists(st.integers(0, len(text)), min_size=2, max_size=2)))
        part = text[start:end]
        other = draw(st.integers(0, len(text)))
        new = draw(st.one_of(ODD, st.text(max_size=3), st.sampled_from(["", part * 2, part[::-1], text[other : other + 20], part.swapcase()])))
        text = text[:start] + new + text[end if draw(st.booleans()) else min(end, start + 1) :]
    return text


@st.composite
def garbled(draw: st.DrawFn, content: object) -> object:
    """``content``, a JSON value, with one of its parts exchanged for another value."""
    odd = st.sampled_from([None, True, -1, 0, 10**400, 1.5, float("inf"), "", "x", "\ud800", "../x", "a,b", [], [[]], {}, {"a": 1}, "9999-12-31", "0001-01-01T00:00:00+14:00"])
    if not isinstance(content, dict | list) or not content or draw(st.integers(0, 6)) == 0:
        return draw(odd)
    places = list(content) if isinstance(content, dict) else list(range(len(content)))
    place = draw(st.sampled_from(places))
    new = draw(garbled(content[place]))
    return content | {place: new} if isinstance(content, dict) else [*content[:place], new, *content[place + 1 :]]


@thoroughly
@given(st.one_of(st.text(), mutated(csvfile.render(COLUMNS, ROWS))))
def test_a_csv_is_damaged_or_what_would_be_written_back(text):
    with suppress(Damaged):
        assert csvfile.render(COLUMNS, csvfile.parse(COLUMNS, text)) == text


@thoroughly
@given(st.one_of(st.text(), mutated(MANIFEST.text()), garbled(json.loads(MANIFEST.text())).map(json.dumps)))
def test_a_manifest_is_damaged_or_reads_back_equal(tmp_path_factory, text):
    path = tmp_path_factory.getbasetemp() / "manifest.json"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        found = manifest.read(path)
    except Damaged:
        return
    path.write_text(found.text(), "utf-8")
    assert manifest.read(path) == replace(found, format=manifest.FORMAT)
    assert computed_runs({}) == ()
    for entry in found.entries.values():
        computed_runs(entry.history)


@thoroughly
@given(st.one_of(st.text(), mutated(status.render(manifest.instant("2024-04-02T00:00:00Z"), 0, FRESH)), garbled(json.loads(status.render(manifest.instant("2024-04-02T00:00:00Z"), 0, FRESH))).map(json.dumps)))
def test_a_status_is_read_or_there_is_none(text):
    from flow.publication import metrics

    found = status.parse(text)
    now = manifest.instant("2024-04-03T00:00:00Z")
    again = status.render(now, 0, found.values())
    assert status.parse(again) == found
    assert metrics.render(now, 0, found.values()).encode()
    assert {each.is_stale(now, now - now) for each in found.values()} <= {True, False}


@thoroughly
@given(st.one_of(st.text(), mutated(restatements.render(LINES))))
def test_of_restatements_only_what_is_well_formed_is_kept(text):
    kept = restatements.parse(text)
    whole = restatements.render(kept)
    assert restatements.parse(whole) == kept
    assert set(whole.splitlines()[1:]) <= set(text.split("\n"))
    assert all(manifest.Grain(line.grain) for line in kept)


HELD = [Held("replies", "testwiki", "month", ("2024-01-01", "2024-02-01"), "it falls"), Held("talk_edits", "testwiki", "week", ("2024-01-01",), "it rises")]


@thoroughly
@given(st.one_of(st.text(), mutated(held.render(HELD)), garbled(json.loads(held.render(HELD))).map(json.dumps)))
def test_what_is_held_is_read_or_there_is_nothing(text):
    found = held.parse(text)
    assert held.parse(held.render(found.values())) == found
    assert {str(period) for each in found.values() for period in each.periods} == {day for each in found.values() for day in each.dates}
