"""The page of a search over policies."""
