"""What all tests share: a MariaDB server, the catalog, and settings for a wiki in a database."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from flow.datasets import catalog
from flow.datasets.catalog import Catalog
from flow.engines import retrying
from tests.support.mariadb import Server, running

hypothesis.settings.register_profile("steady", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("steady")

CHECKOUT = Path(__file__).parent.parent
REAL_WIKIS = CHECKOUT / "tests" / "data"


@pytest.fixture(scope="session")
def mariadb() -> Iterator[Server]:
    """The tests' own server. Its folder has a short path, for a socket's path may not be long."""
    with tempfile.TemporaryDirectory(prefix="flow") as folder, running(Path(folder)) as server:
        yield server


@pytest.fixture(scope="session")
def queries() -> Catalog:
    """The query scripts of this checkout, all of which load."""
    found = catalog.load(CHECKOUT / "queries")
    assert not found.broken
    return found


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is tried again is tried again at once."""
    monkeypatch.setattr(retrying, "sleep", lambda seconds: None)


pytest_plugins = ["tests.support.project", "tests.support.few", "tests.support.settled", "tests.support.sshd", "tests.support.dashboard", "tests.support.installed"]
