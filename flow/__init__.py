"""From a wiki's own database to published numbers about how people talk there; what a query script needs is here.

What is counted stands in ``queries/``: ``relations/topics.sql`` says what a topic is. How a number gets from there to a reader is
described in ``flow/pipeline/__init__.py``.
"""

from flow.datasets.column import Bytes, Column, Count, Duration, Most, People, Ratio, Share
from flow.datasets.dataset import Dataset, dataset
from flow.datasets.graph import Graph
from flow.datasets.transform import Cumulative, ShareOf

__all__ = [
    "Bytes", "Column", "Count", "Cumulative", "Dataset", "Duration", "Graph", "Most", "People", "Ratio", "Share", "ShareOf",
    "dataset",
]  # fmt: skip
