"""How a balance came about: at any moment, over any period, day by day. Every list's receipt is written here."""

from opencabinet.balances.actions import before, between, daily, of_movements, of_trades
from opencabinet.balances.model import Day, Ends, Posted, Span, Standing

__all__ = [
    "Day",
    "Ends",
    "Posted",
    "Span",
    "Standing",
    "before",
    "between",
    "daily",
    "of_movements",
    "of_trades",
]
