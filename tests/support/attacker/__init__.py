"""A reader who has copied every published file and sets up all sums and inequalities himself; knows nothing of ``flow``."""
