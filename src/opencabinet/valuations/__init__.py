"""What open trades are worth now: prices, floating results, margin, equity and margin level of accounts."""

from opencabinet.valuations.actions import levels, live, priced, valued
from opencabinet.valuations.model import Priced, Valued

__all__ = ["Priced", "Valued", "levels", "live", "priced", "valued"]
