"""The commands behind generate.py, one a file; each gives its exit code."""
