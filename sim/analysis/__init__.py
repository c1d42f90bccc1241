"""What many runs say: sensitivity, scenario discovery, efficient sets, robustness. Pure functions of tables."""
