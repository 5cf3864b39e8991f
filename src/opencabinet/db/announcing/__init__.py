"""Announcements: each committed change of an account tells of itself, and a beat shows that all of them were heard."""

from opencabinet.db.announcing.listening import SILENT_SECONDS, Listening

__all__ = ["SILENT_SECONDS", "Listening"]
