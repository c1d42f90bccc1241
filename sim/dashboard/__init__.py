"""The live dashboard: sliders for the levers, and a small city that responds immediately."""
