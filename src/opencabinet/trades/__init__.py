"""What was traded: closings, open trades, orders and deals."""

from opencabinet.trades.model import ClosedTrade, Deal, OpenTrade, Order
from opencabinet.trades.store import closed, first, keep_only, opened, results, save

__all__ = [
    "ClosedTrade",
    "Deal",
    "OpenTrade",
    "Order",
    "closed",
    "first",
    "keep_only",
    "opened",
    "results",
    "save",
]
