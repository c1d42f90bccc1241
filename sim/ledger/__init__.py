"""The attribution ledger: which mechanism moved which judged quantity. Off unless asked for; it reads the city and changes nothing."""

from sim.ledger.book import Ledger

__all__ = ["Ledger"]
