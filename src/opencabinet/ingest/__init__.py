"""Foreign words into ours: statements of MetaTrader 4 and 5."""

from opencabinet.ingest.actions import load
from opencabinet.ingest.model import Contradiction, Statement, Unreadable
from opencabinet.ingest.summary import Summary

__all__ = ["Contradiction", "Statement", "Summary", "Unreadable", "load"]
