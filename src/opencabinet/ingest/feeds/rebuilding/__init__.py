"""Trades of MetaTrader 5 rebuilt from deals: simple positions at once in the database, all others one by one."""

from opencabinet.ingest.feeds.rebuilding.actions import rebuild, rebuild_all

__all__ = ["rebuild", "rebuild_all"]
