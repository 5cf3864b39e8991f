"""Answers to changes, kept for a day: a change that is asked for twice by one key is made once, and answered twice."""

from opencabinet.db.replays.store import Kept, find, forget, hold, keep

__all__ = ["Kept", "find", "forget", "hold", "keep"]
