"""Checks query scripts before they run: what the database says of their SQL, and what a reader of SQL would."""
