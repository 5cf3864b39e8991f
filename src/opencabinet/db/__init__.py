"""PostgreSQL: lending connections, the outbox, the embedded server, the migrations."""

from opencabinet.db.beginning import beginning
from opencabinet.db.connection import Connection
from opencabinet.db.pool import Lending, Pool, Share, Using
from opencabinet.db.spent import SPENT, Spent
from opencabinet.db.squeezed import squeezed
from opencabinet.db.together import Together
from opencabinet.db.upserted import Upserted, upserted

__all__ = [
    "SPENT",
    "Connection",
    "Lending",
    "Pool",
    "Share",
    "Spent",
    "Together",
    "Upserted",
    "Using",
    "beginning",
    "squeezed",
    "upserted",
]
