"""Kills runs a thousand times, at random moments and before every step that changes the disk, and looks at what is left."""
