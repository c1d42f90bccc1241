"""Version of the software and of the model."""

VERSION = "0.2.0"

MODEL_VERSION = "4.2"
"""Part of every run key: rises whenever the same scenario and seed would give other numbers, or the same ones another content hash."""
