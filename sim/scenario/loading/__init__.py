"""From files to a checked scenario: finding, merging, attaching the files it names, and telling what is wrong where."""
