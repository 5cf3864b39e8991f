"""An invented story of two accounts on each platform, step by step, and what must be known after each step.

What happens is told in rows of the contract; what must come out of it is written down by itself, figure by figure.
"""

from typing import Final

from tests.ingest.feeds.story_of_deals import deals
from tests.ingest.feeds.story_of_trades import tickets

STORIES: Final = {"mt5": deals(), "mt4": tickets()}
"""What happens on a server of each platform."""
