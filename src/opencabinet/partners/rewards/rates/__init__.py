"""What a currency was worth in another as of a moment, with who said so and when."""

from opencabinet.partners.rewards.rates.model import NoRate, Rates, Unasked
from opencabinet.partners.rewards.rates.store import ask

__all__ = ["NoRate", "Rates", "Unasked", "ask"]
