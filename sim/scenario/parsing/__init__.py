"""Parsing of text into plain data: YAML and tables with positions, numbers in common notations, and collected problems."""
