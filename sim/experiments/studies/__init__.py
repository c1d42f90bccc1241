"""Studies: their files, designs, the store of their runs, and how interrupted sweeps resume."""
