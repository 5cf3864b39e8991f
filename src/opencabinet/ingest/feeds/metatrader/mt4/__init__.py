"""MetaTrader 4: what is taken of its tables, and what it says in our words."""
