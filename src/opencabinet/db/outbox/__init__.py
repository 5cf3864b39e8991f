"""The outbox: events written with the change they tell of, read in the order of their transactions.

A committed change of an account announces itself on the channel `opencabinet`, once per transaction, with the login.
"""

from opencabinet.db.outbox.model import Event, Place
from opencabinet.db.outbox.store import after, append, append_all, listen, news, place, reached, rebase

__all__ = ["Event", "Place", "after", "append", "append_all", "listen", "news", "place", "reached", "rebase"]
