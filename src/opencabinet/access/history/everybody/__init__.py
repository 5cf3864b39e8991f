"""The history of everybody, as those read it who work for the operator."""

from opencabinet.access.history.everybody.store import everybodys

__all__ = ["everybodys"]
