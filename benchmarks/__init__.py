"""How fast, how small, how soon: figures of this machine, ratios first. Run ``python -m benchmarks``."""
