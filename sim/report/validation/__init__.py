"""The page of a run that was held against a user's own data."""
