"""Definitions of all metrics: a file per group, in it one decorated function per metric (see `sim.metrics.metric.metric`)."""
