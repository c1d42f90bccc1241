"""Statistics over many runs: paired differences, rankings, Shapley shares, sensitivity, discovery, robustness, efficient sets."""
