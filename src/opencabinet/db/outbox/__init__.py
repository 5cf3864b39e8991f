"""The outbox: events written with the change they tell of, read in the order of their transactions.

A committed change of an account announces itself on the channel `opencabinet`, once per transaction, with the login.
"""

from opencabinet.db.outbox.model import Event, Place
from opencabinet.db.outbox.store import after, append, first, last, listen, news, place, reached, rebase, since
from opencabinet.db.outbox.wire import event_id, read_id, told

__all__ = [
    "Event",
    "Place",
    "after",
    "append",
    "event_id",
    "first",
    "last",
    "listen",
    "news",
    "place",
    "reached",
    "read_id",
    "rebase",
    "since",
    "told",
]
