"""Query cases: what people do on a small wiki, and the CSV that a dataset must come to; beside each query script."""
