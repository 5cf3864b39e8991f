"""Quotes as they come, and the candles that are built of them."""

from opencabinet.market.quotes.candles import STEPS, Candle, Step
from opencabinet.market.quotes.store import candles, quotes, save_quotes, servers

__all__ = ["STEPS", "Candle", "Step", "candles", "quotes", "save_quotes", "servers"]
