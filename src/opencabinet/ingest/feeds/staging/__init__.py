"""Putting rows of a feed into the staged tables of a connection, from where whole pages are taken at once."""

from opencabinet.ingest.feeds.staging.actions import columns, stage
from opencabinet.ingest.feeds.staging.ready import lines
from opencabinet.ingest.feeds.staging.store import prepare

__all__ = ["columns", "lines", "prepare", "stage"]
