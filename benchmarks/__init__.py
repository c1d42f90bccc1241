"""Speed, memory and start-up time on this machine, as ratios and absolute figures. Run ``python -m benchmarks``."""
