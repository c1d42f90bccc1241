"""The page of a run validated against the user's data."""
