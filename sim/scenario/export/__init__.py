"""Export of the schema: JSON Schema for editors, and template files."""
