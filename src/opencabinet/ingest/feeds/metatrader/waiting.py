"""Rows that have waited for an account that comes: they are read again with it.

Only now it is known in what money they are, and some may be there no more.
"""

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from opencabinet.db import Connection
from opencabinet.ingest.feeds.metatrader import queries
from opencabinet.ingest.feeds.metatrader.memory import Look
from opencabinet.ingest.feeds.metatrader.plan import Source, Standing
from opencabinet.ingest.feeds.model import Family
from opencabinet.ingest.feeds.parked import store as parked

if TYPE_CHECKING:
    from opencabinet.ingest.feeds.metatrader.follow import Follower

KEYS_AT_ONCE: Final = 500
FAMILIES: Final[dict[str, dict[str, Family]]] = {
    "mt4": dict.fromkeys(("closed", "open", "order", "movement"), "trade"),
    "mt5": {"deal": "deal", "open": "position", "order": "order"},
}
"""What numbers the rows of each place."""


async def read_again(follower: "Follower", conn: Connection, look: Look) -> None:
    """Take once more what has waited for the accounts that a look has found to be new."""
    if not look.arrived:
        return
    families, waiting = FAMILIES[follower.feed.kind], defaultdict[Family, set[int]](set)
    for place, key in await parked.waiting(conn, follower.feed.server, sorted(look.arrived)):
        waiting[families[place]].add(key)
    for family, keys in waiting.items():
        left = sorted(keys)
        for begin in range(0, len(left), KEYS_AT_ONCE):
            await take(follower, look, family, left[begin : begin + KEYS_AT_ONCE])


async def take(follower: "Follower", look: Look, family: Family, keys: list[int]) -> None:
    """Take rows by their keys, unless the look has them; what is nowhere is gone."""
    plan, found = follower.plan, set[int]()
    places: list[Source | Standing] = [*plan.standing, *plan.sources]
    for each in (it for it in places if it.family == family):
        where = queries.both(each.where, queries.among(each.key, keys))
        for line in await follower.reader.lines(queries.whole(each.table, each.row, where)):
            key = int(line[: line.index("\t")])
            found.add(key)
            look.rows(each.into).setdefault(key, line)
    for key in keys:
        if key not in found:
            look.vanish(family, key)
