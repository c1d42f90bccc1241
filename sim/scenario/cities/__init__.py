"""Cities to start from: shipped presets, preset folders, and communities of a user's own with what is known of their rates."""
