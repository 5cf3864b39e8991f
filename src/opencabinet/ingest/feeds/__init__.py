"""Feeds of trading servers: what they say is brought in by one contract, whoever says it."""
