"""The schema for others: JSON Schema for editors, and template files to start from."""
