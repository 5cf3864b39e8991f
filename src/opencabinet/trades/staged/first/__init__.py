"""Rows of accounts that have none of their kind yet, as in a first load."""
