"""Making and checking sets of plausible worlds: targets, matching, acceptance by simulation, the honesty test."""
