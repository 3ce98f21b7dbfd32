"""What a source tells of its lag."""

from __future__ import annotations

import pytest

from tests.engines.conftest import Parts


@pytest.mark.parametrize("kind", ["core", "flow"])
def test_without_replication_nothing_tells_of_lag(wiki: Parts, kind: str):
    source = wiki[0](kind)
    assert source.behind() is None
    assert source.seen_behind == [None]
