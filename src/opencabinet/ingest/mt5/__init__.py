"""MetaTrader 5: the history report of an account and the report of the strategy tester, in any language."""

from opencabinet.ingest.mt5.report import recognises, statement

__all__ = ["recognises", "statement"]
