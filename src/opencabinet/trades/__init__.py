"""What was traded: closings, open trades, orders and deals."""

from opencabinet.trades.model import ClosedTrade, Deal, OpenTrade, Order, Trade
from opencabinet.trades.store import (
    closed,
    first,
    keep_only,
    opened,
    results,
    save_closed,
    save_deals,
    save_open,
    save_orders,
)

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
    "save_closed",
    "save_deals",
    "save_open",
    "save_orders",
]
