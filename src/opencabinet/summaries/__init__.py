"""An account at a glance: what it is worth, what is open, what ever closed and moved."""

from opencabinet.summaries.actions import Summaries
from opencabinet.summaries.model import Summary

__all__ = ["Summaries", "Summary"]
