"""The page of a resilience experiment."""
