"""The jobs that run in processes of their own: ``python -m benchmarks.jobs NAME ARGUMENTS-AS-JSON``; prints JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

from benchmarks import building, grouping, reads

JOBS: dict[str, Callable[..., Any]] = {
    "build_mariadb": building.build_mariadb,
    "build_sqlite": building.build_sqlite,
    "count": building.count,
    "grouping": grouping.grouping,
    "index_reads": reads.index_reads,
}

if __name__ == "__main__":
    print(json.dumps(JOBS[sys.argv[1]](**json.loads(sys.argv[2]))))
