"""The page of an analysed study: what was found in words, its figures and tables, in English and Chinese."""
