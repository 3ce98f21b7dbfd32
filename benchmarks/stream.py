"""Reads all rows of a SELECT from a SQLite file and throws them away: ``python stream.py FILE SQL``."""

import sqlite3
import sys

if __name__ == "__main__":
    for _ in sqlite3.connect(sys.argv[1]).execute(sys.argv[2]):
        pass
