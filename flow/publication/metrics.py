"""The status as a text file for Prometheus' node exporter."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from flow.publication.status import Freshness

FILE = "metrics.prom"
LABELS = ("dataset", "wiki", "grain")


def render(now: datetime, exit_code: int, all: Iterable[Freshness]) -> str:
    """The metrics of each CSV and of the run; times are seconds after 1970. Those of what never was are left out."""
    from prometheus_client import CollectorRegistry, Gauge, generate_latest

    registry = CollectorRegistry()

    def gauge(name: str, about: str, labels: tuple[str, ...] = ()) -> Gauge:
        return Gauge(f"limn_flow_data_{name}", about, labels, registry=registry)

    gauge("last_run_timestamp_seconds", "When the last run ended.").set(now.timestamp())
    gauge("last_run_exit_code", "The exit code of the last run.").set(exit_code)
    success = gauge("last_success_timestamp_seconds", "When the CSV was last known to be up to date.", LABELS)
    expected = gauge("expected_by_timestamp_seconds", "When the next period can be there.", LABELS)
    rows = gauge("rows", "How many periods the CSV holds.", LABELS)
    failed = gauge("failed", "1 if the last attempt failed, else 0.", LABELS)
    for each in all:
        labels = (each.dataset, each.wiki, each.grain)
        rows.labels(*labels).set(each.rows)
        failed.labels(*labels).set(each.failed is not None)
        for metric, instant in ((success, each.last_success), (expected, each.expected_by)):
            if instant:
                metric.labels(*labels).set(datetime.fromisoformat(instant).timestamp())
    return generate_latest(registry).decode()
