"""The page of an analysed study: sentences, figures and tables, in English and Chinese."""
