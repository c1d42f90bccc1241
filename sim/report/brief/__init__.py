"""Two pages for a meeting: the decision brief of a comparison over plausible worlds."""
