"""A result as one workbook: its tables, and a sheet that explains them."""
