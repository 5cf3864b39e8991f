"""Invented accounts, and their statements as MetaTrader prints them."""
