"""The state of the world: people, organisations and government units as tables of declared columns."""
