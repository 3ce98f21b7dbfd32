"""From a wiki's own database to published numbers about how people talk there; what a query script needs is here."""

from flow.datasets.column import Bytes, Column, Count, Duration, Most, People, Ratio, Share
from flow.datasets.dataset import Dataset, dataset
from flow.datasets.transform import Cumulative, ShareOf

__all__ = [
    "Bytes", "Column", "Count", "Cumulative", "Dataset", "Duration", "Most", "People", "Ratio", "Share", "ShareOf", "dataset",
]  # fmt: skip
