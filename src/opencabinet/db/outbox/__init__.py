"""The outbox: events written with the change they tell of, read in the order of their transactions.

A committed change of an account announces itself on the channel `opencabinet`, once per transaction, with the login.
"""

from opencabinet.db.outbox.model import QUOTES, Behind, Event, Place, Span
from opencabinet.db.outbox.store import (
    after,
    append,
    append_all,
    behind,
    first,
    forget,
    hold,
    last,
    listen,
    listen_to_quotes,
    news,
    place,
    reached,
    rebase,
    since,
    since_each,
    span,
)
from opencabinet.db.outbox.wire import UNTOLD, event_id, read_id, told

__all__ = [
    "QUOTES",
    "UNTOLD",
    "Behind",
    "Event",
    "Place",
    "Span",
    "after",
    "append",
    "append_all",
    "behind",
    "event_id",
    "first",
    "forget",
    "hold",
    "last",
    "listen",
    "listen_to_quotes",
    "news",
    "place",
    "reached",
    "read_id",
    "rebase",
    "since",
    "since_each",
    "span",
    "told",
]
