"""MetaTrader 5: what is taken of its tables, and what it says in our words."""
