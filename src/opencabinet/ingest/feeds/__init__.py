"""Feeds of trading servers: what they say is brought in by one contract, whoever says it.

A feed lets its server be `know`n, and then says batches: `apply` brings one in, or `prepare`, `stage` and `settle` do
so step by step, for a feed that fills the staged tables of its connection by itself.
"""

from opencabinet.ingest.feeds.actions import Kind, apply, know, settle
from opencabinet.ingest.feeds.closing import close
from opencabinet.ingest.feeds.markets import tell_market
from opencabinet.ingest.feeds.model import (
    AccountRow,
    Applied,
    Batch,
    ClosedRow,
    DealRow,
    FeedRefused,
    GoneRow,
    InstrumentRow,
    MovementRow,
    NoSuchFeed,
    OpenRow,
    OrderRow,
    OtherFeed,
    QuoteRow,
    Row,
)
from opencabinet.ingest.feeds.reconciling import reconcile
from opencabinet.ingest.feeds.staging import prepare, stage
from opencabinet.ingest.feeds.store import closed, loaded

__all__ = [
    "AccountRow",
    "Applied",
    "Batch",
    "ClosedRow",
    "DealRow",
    "FeedRefused",
    "GoneRow",
    "InstrumentRow",
    "Kind",
    "MovementRow",
    "NoSuchFeed",
    "OpenRow",
    "OrderRow",
    "OtherFeed",
    "QuoteRow",
    "Row",
    "apply",
    "close",
    "closed",
    "know",
    "loaded",
    "prepare",
    "reconcile",
    "settle",
    "stage",
    "tell_market",
]
