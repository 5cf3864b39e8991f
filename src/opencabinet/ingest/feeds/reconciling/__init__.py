"""Whether the rows of accounts explain their balances, asked of many at once."""

from opencabinet.ingest.feeds.reconciling.actions import reconcile, settle_balances

__all__ = ["reconcile", "settle_balances"]
