"""What an analyst speaks of: datasets, their columns, periods, and the catalog of query scripts."""
