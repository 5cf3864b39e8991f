"""Counting clicks, each once, in whatever portions they come: by day and where they came from."""

from opencabinet.partners.clicks.counting.jobs import counting, forget_visitors, keep_months
from opencabinet.partners.clicks.counting.model import By, Counted, Totals
from opencabinet.partners.clicks.counting.store import days, totals

__all__ = [
    "By",
    "Counted",
    "Totals",
    "counting",
    "days",
    "forget_visitors",
    "keep_months",
    "totals",
]
