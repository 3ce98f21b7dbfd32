"""Judges what a run would meet: settings, databases and the output folder."""
