"""A run, as ``run.py`` tells it, in the order in which things happen.

plan      ``planner.py``: which periods of which CSVs are due; ``calendar.py``, ``origins.py``, ``clock.py``: what can be trusted
compute   ``computing.py``: read, primary suppression (``flow.privacy.primary``), stage
check     ``holding.py`` with ``flow.publication.checks``: what must not be published stays as it was
suppress  ``suppressing.py``: complementary suppression (``flow.privacy.complementary``) and what depends on it
publish   ``release.py``, then ``flow.shelf``: ``Shelf.publish`` writes a whole release and ``disk.point`` switches the link to it
"""
