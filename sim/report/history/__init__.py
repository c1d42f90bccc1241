"""Figure and sentences of a history match."""
