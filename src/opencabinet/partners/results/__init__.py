"""What came of a partner's promotion: clicks, accounts, deposits, trades, rewards, by day or by where they came from.

It has no tables: it reads those of the other rooms of partners, and the records.
"""

from opencabinet.partners.results.actions import results
from opencabinet.partners.results.model import By, Opened, Result, Results
from opencabinet.partners.results.store import before, named, opened, waits
from opencabinet.partners.results.trying import NoPlan, Tried, tried

__all__ = [
    "By",
    "NoPlan",
    "Opened",
    "Result",
    "Results",
    "Tried",
    "before",
    "named",
    "opened",
    "results",
    "tried",
    "waits",
]
