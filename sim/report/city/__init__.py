"""The page about the data of a user's own city."""
