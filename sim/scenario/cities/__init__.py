"""Cities of scenarios: shipped presets, preset folders, and a user's own communities, with known rates."""
