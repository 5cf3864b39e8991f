"""The rows of a statement, each list by a cursor of its own."""

from opencabinet.reports.rows.store import BATCH, Source

__all__ = ["BATCH", "Source"]
