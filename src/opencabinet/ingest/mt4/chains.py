"""Partial closes: which tickets are one position.

Closing a part of a trade gives the rest a new ticket. The closed part's comment says `to #new`, the rest's `from #old`.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from opencabinet.ingest.mt4.sections import Entry

LINK: Final = re.compile(r"\b(from|to) #([0-9]{1,18})\b", re.ASCII)


def positions(trades: Iterable[Entry]) -> Mapping[int, int]:
    """Return the position of every ticket that has another's number: the ticket its chain of partial closes began with.

    It may have left the statement, where the history begins after it.
    """
    origins = dict(link for trade in trades for link in links(trade))
    for ticket in [*origins]:
        flatten(ticket, origins)
    return origins


def links(trade: Entry) -> Iterable[tuple[int, int]]:
    """Give the tickets that a comment links: the later one, and the one it came from."""
    for way, number in LINK.findall(trade.comment):
        yield (trade.ticket, int(number)) if way == "from" else (int(number), trade.ticket)


def flatten(ticket: int, origins: dict[int, int]) -> None:
    """Let every ticket on the way from `ticket` to its origin name that origin; a circle ends where it meets itself."""
    way = {ticket: None}
    while (ticket := origins.get(ticket, ticket)) not in way:
        way[ticket] = None
    origins.update(dict.fromkeys(way, ticket))
