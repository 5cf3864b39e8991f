"""Closed trades of a bulk load that nobody knows yet: they are copied to where they belong, and compared with nothing.

Whatever could be touched by other rows, told or known, is left to be settled as always.
"""

from opencabinet.ingest.feeds.fresh.actions import take
from opencabinet.ingest.feeds.fresh.model import Closings, Kept

__all__ = ["Closings", "Kept", "take"]
