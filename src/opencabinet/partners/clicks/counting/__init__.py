"""Counting clicks, each once, in whatever portions they come: by day and where they came from."""

from opencabinet.partners.clicks.counting.jobs import counting, forget_visitors, keep_months
from opencabinet.partners.clicks.counting.model import By, Counted, Opened, Totals
from opencabinet.partners.clicks.counting.store import days, opened, totals

__all__ = [
    "By",
    "Counted",
    "Opened",
    "Totals",
    "counting",
    "days",
    "forget_visitors",
    "keep_months",
    "opened",
    "totals",
]
