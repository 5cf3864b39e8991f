"""PostgreSQL: lending connections, the outbox, the embedded server, the migrations."""

from opencabinet.db.connection import Connection
from opencabinet.db.pool import Pool, Share
from opencabinet.db.squeezed import squeezed
from opencabinet.db.upserted import Upserted, upserted

__all__ = ["Connection", "Pool", "Share", "Upserted", "squeezed", "upserted"]
