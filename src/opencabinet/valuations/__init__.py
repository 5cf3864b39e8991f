"""What open trades are worth now: prices, floating results, margin, equity and margin level of accounts."""

from opencabinet.valuations.actions import ALL, MOST, Reading, levels, of_server, opened, valued, worth
from opencabinet.valuations.model import Opened, Priced, Valued
from opencabinet.valuations.rates import Prices
from opencabinet.valuations.reading import Read

__all__ = [
    "ALL",
    "MOST",
    "Opened",
    "Priced",
    "Prices",
    "Read",
    "Reading",
    "Valued",
    "levels",
    "of_server",
    "opened",
    "valued",
    "worth",
]
