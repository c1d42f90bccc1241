"""The live dashboard: levers to drag, and a small city that answers at once."""
