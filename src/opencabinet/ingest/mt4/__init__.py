"""Statements of MetaTrader 4, plain and detailed, in whatever language the broker's template labels them."""

from opencabinet.ingest.mt4.statement import recognises, statement

__all__ = ["recognises", "statement"]
