"""A run: plan, read, suppress, stage, check, publish; ``run.py`` tells the story."""
