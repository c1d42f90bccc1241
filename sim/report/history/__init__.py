"""What a history match shows and says."""
