"""The authorization history: first uses, refusals and changes, hash-chained in sealed batches."""

from opencabinet.access.history.actions import changed, changed_in_all
from opencabinet.access.history.everybody import everybodys
from opencabinet.access.history.jobs import Sealer
from opencabinet.access.history.model import BEYOND, NOBODY, OPERATOR, Authorization
from opencabinet.access.history.store import history
from opencabinet.access.history.store import last as last_seal
from opencabinet.access.history.writer import History, key_of, key_of_credential

__all__ = [
    "BEYOND",
    "NOBODY",
    "OPERATOR",
    "Authorization",
    "History",
    "Sealer",
    "changed",
    "changed_in_all",
    "everybodys",
    "history",
    "key_of",
    "key_of_credential",
    "last_seal",
]
