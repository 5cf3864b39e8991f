"""Leaving: people who want to be deleted say so here, and may take it back for two weeks."""

from opencabinet.access.people.leaving.actions import ask_deletion, withdraw_deletion
from opencabinet.access.people.leaving.model import Deletion, DeletionAsked, DeletionDue, NoDeletion
from opencabinet.access.people.leaving.store import deletion, deletions

__all__ = [
    "Deletion",
    "DeletionAsked",
    "DeletionDue",
    "NoDeletion",
    "ask_deletion",
    "deletion",
    "deletions",
    "withdraw_deletion",
]
