"""Partial closes of MetaTrader 4: the rest of a trade has a ticket of its own, and belongs to the same position."""
