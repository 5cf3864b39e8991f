"""Foreign words into ours: statements of MetaTrader 4 and 5."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from opencabinet.ingest.model import Contradiction, Statement, Unreadable

if TYPE_CHECKING:
    from opencabinet.ingest.actions import load
    from opencabinet.ingest.summary import Summary

__all__ = ["Contradiction", "Statement", "Summary", "Unreadable", "load"]

LATER = {"load": "opencabinet.ingest.actions", "Summary": "opencabinet.ingest.summary"}
"""What stands on the database: the process that reads a file lives for that file alone, and needs none."""


def __getattr__(name: str) -> Any:
    """Give what stands on the database once it is asked for."""
    if name not in LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(LATER[name]), name)
