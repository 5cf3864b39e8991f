"""Statements as MetaTrader prints them: the layouts of its files, and invented accounts to print in them."""
