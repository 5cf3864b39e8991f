"""Credit, and the lots that turn it into money."""

from opencabinet.bonuses.actions import progress
from opencabinet.bonuses.model import BadProgramme, Ending, Grant, NoSuchProgramme, Programme
from opencabinet.bonuses.overview import Progress
from opencabinet.bonuses.standing import REASONS, Closed, NotCounted, Reason, Standing, State
from opencabinet.bonuses.store import programmes, remove, save

__all__ = [
    "REASONS",
    "BadProgramme",
    "Closed",
    "Ending",
    "Grant",
    "NoSuchProgramme",
    "NotCounted",
    "Programme",
    "Progress",
    "Reason",
    "Standing",
    "State",
    "programmes",
    "progress",
    "remove",
    "save",
]
