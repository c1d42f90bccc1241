"""Text for `sanzhi describe`: one file per kind of thing that can be described.

The file of a kind offers ``TERM`` (what one is called), ``names()``, ``row(name)`` (a line of the list) and ``entry(name)`` (the whole
text). `sim.describe.describe` chooses among them.
"""
