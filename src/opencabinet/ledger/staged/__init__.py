"""Movements as feeds tell them."""

from opencabinet.ledger.staged.store import Moved, drop, save, save_openings, saved

__all__ = ["Moved", "drop", "save", "save_openings", "saved"]
