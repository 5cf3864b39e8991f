"""What was traded: closings, open trades, orders and deals."""

from opencabinet.trades.model import ClosedTrade, Deal, OpenTrade, Order, Trade
from opencabinet.trades.store import closed, first, keep_only, opened, results, save

__all__ = [
    "ClosedTrade",
    "Deal",
    "OpenTrade",
    "Order",
    "Trade",
    "closed",
    "first",
    "keep_only",
    "opened",
    "results",
    "save",
]
