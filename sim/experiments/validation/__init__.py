"""Runs held against a user's own data."""
