"""Definitions of all metrics: one file per group, with one decorated function per metric (see `sim.metrics.metric.metric`)."""
