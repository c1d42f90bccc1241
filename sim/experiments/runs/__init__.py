"""Single runs of a scenario, batches of them, and the worker processes that do them."""
