"""What commands print: progress while they work, tables, and a summary at the end."""
