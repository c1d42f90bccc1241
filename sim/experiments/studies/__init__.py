"""Studies: files, designs, the store of their runs, and sweeps that can be resumed."""
