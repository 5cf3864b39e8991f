"""What was traded: closings, open trades, orders and deals, and the lots that closed."""

from opencabinet.trades.lots import Grouping, Lots, closed_lots, unsized
from opencabinet.trades.model import ClosedTrade, Deal, OpenTrade, Order, Totals, Trade, Wanted
from opencabinet.trades.store import (
    closed,
    closed_totals,
    first,
    keep_only,
    open_totals,
    opened,
    orders,
    results,
    save_closed,
    save_deals,
    save_open,
    save_orders,
)

__all__ = [
    "ClosedTrade",
    "Deal",
    "Grouping",
    "Lots",
    "OpenTrade",
    "Order",
    "Totals",
    "Trade",
    "Wanted",
    "closed",
    "closed_lots",
    "closed_totals",
    "first",
    "keep_only",
    "open_totals",
    "opened",
    "orders",
    "results",
    "save_closed",
    "save_deals",
    "save_open",
    "save_orders",
    "unsized",
]
