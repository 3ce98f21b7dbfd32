"""A simulated wiki: what MediaWiki and Flow would have written for a life of talk; for the demo, tests and benchmarks."""
