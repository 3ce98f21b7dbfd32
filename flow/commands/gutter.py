"""SQL with the file and the line that each of its lines comes from beside it, as errors name them."""

from __future__ import annotations

from collections.abc import Sequence

from flow.datasets.place import Place


def add_gutter(text: str, places: Sequence[Place | None]) -> str:
    """``text`` with a column of ``topics.sql:5`` and the like on its left; ``places`` are those of its last lines."""
    lines = text.split("\n")
    labels = [f"{place.path.name}:{place.line}" if place else "" for place in places[: len(lines)]]
    labels = [""] * (len(lines) - len(labels)) + labels
    width = max(map(len, labels))
    return "\n".join(f"{label:>{width}} | {line}".rstrip() for label, line in zip(labels, lines, strict=True))
