"""The page on what shocks do."""
