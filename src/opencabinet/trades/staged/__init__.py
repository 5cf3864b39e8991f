"""Trades, orders and deals as feeds tell them: whole pages of them are kept at once."""

from opencabinet.trades.staged.dropping.store import drop_closed, drop_deals, drop_open, drop_orders, drop_unmade
from opencabinet.trades.staged.first.store import add_closed, add_deals, any_closed, any_dealt, roll_up_costs
from opencabinet.trades.staged.model import Closing, Opened, Ordered
from opencabinet.trades.staged.parts.store import join_known_parts, join_parts
from opencabinet.trades.staged.store import (
    closed,
    opened,
    ordered,
    save_closed,
    save_deals,
    save_open,
    save_orders,
)

__all__ = [
    "Closing",
    "Opened",
    "Ordered",
    "add_closed",
    "add_deals",
    "any_closed",
    "any_dealt",
    "closed",
    "drop_closed",
    "drop_deals",
    "drop_open",
    "drop_orders",
    "drop_unmade",
    "join_known_parts",
    "join_parts",
    "opened",
    "ordered",
    "roll_up_costs",
    "save_closed",
    "save_deals",
    "save_open",
    "save_orders",
]
