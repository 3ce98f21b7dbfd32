"""How long a run takes on a simulated wiki, how much memory, and what asking for many periods in one query saves."""
