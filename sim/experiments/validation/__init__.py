"""Runs compared with the user's data."""
