"""Rows that wait for their account."""
