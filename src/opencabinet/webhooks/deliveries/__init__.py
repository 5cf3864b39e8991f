"""Deliveries: what is to be sent, what was, and how it went."""
