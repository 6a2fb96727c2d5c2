"""The report of a run: one HTML page that needs nothing beside it, and all cases as JSON Lines."""
