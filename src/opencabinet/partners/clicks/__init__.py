"""Clicks on partners' links: kept before anybody is sent on, found again by a token, and counted once."""

from opencabinet.partners.clicks.actions import by_token, last
from opencabinet.partners.clicks.counting import (
    By,
    Counted,
    Totals,
    counting,
    days,
    forget_visitors,
    keep_months,
    totals,
)
from opencabinet.partners.clicks.countries import Countries
from opencabinet.partners.clicks.keeping import CONNECTIONS, Keeping
from opencabinet.partners.clicks.model import (
    MOST_SUBS,
    Arrived,
    Click,
    Led,
    Mark,
    Told,
    TooManyClicks,
    read_token,
    spelled,
)
from opencabinet.partners.clicks.noting import Caller, Noting
from opencabinet.partners.clicks.store import listed

__all__ = [
    "CONNECTIONS",
    "MOST_SUBS",
    "Arrived",
    "By",
    "Caller",
    "Click",
    "Counted",
    "Countries",
    "Keeping",
    "Led",
    "Mark",
    "Noting",
    "Told",
    "TooManyClicks",
    "Totals",
    "by_token",
    "counting",
    "days",
    "forget_visitors",
    "keep_months",
    "last",
    "listed",
    "read_token",
    "spelled",
    "totals",
]
