"""The texts of pages, in English and Chinese."""
