"""The page on every mix of the three governances."""
