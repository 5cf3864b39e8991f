"""What open trades are worth now: prices, floating results, margin, equity and margin level of accounts."""

from opencabinet.valuations.actions import Reading, levels, opened, valued
from opencabinet.valuations.model import Opened, Priced, Valued

__all__ = ["Opened", "Priced", "Reading", "Valued", "levels", "opened", "valued"]
