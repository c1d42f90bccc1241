"""Many runs compared: paired differences, rankings, Shapley shares, sensitivity, discovery, robustness, efficient sets."""
