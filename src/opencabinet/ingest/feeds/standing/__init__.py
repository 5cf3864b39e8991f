"""How feeds stand: how far each has come, whether it was heard of, and what waits for its account."""

from opencabinet.ingest.feeds.standing.model import SILENT, Standing
from opencabinet.ingest.feeds.standing.store import known, standing

__all__ = ["SILENT", "Standing", "known", "standing"]
