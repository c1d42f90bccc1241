"""Search for policies over many objectives."""
