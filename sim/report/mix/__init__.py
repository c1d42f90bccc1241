"""The page of the mixes of the three governances."""
