"""Trades that are yet to be worked out: no rate is known, or they were asked for anew."""

from opencabinet.partners.rewards.waiting.store import count, rework, rework_all

__all__ = ["count", "rework", "rework_all"]
