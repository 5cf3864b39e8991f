"""What a look finds of prices and instruments, and whether the server's clock and export can be right."""

from datetime import datetime
from typing import TYPE_CHECKING, Final

from opencabinet.ingest.feeds.metatrader import market
from opencabinet.ingest.feeds.metatrader.heartbeats import beat, doubted, hours_off
from opencabinet.ingest.feeds.metatrader.memory import Look

if TYPE_CHECKING:
    from opencabinet.ingest.feeds.metatrader.follow import Follower

NOTHING: Final[frozenset[str]] = frozenset()


async def look_at_prices(follower: "Follower", found: Look, *, whole: bool) -> None:
    """Take prices that have changed, and what instruments are if `whole`; refuse prices of another hour.

    Raises:
        ClockDoubted: as `doubt`.
    """
    plan, seen = follower.plan, follower.memory.lines
    if plan.prices:
        lines = frozenset(await follower.reader.lines(plan.prices))
        new, live = lines - seen.get("prices", NOTHING), "prices" in seen
        seen["prices"] = lines
        found.quotes = market.quotes(follower.feed.server, sorted(new), follower.clock)
        if found.quotes:
            newest = max(quote.quoted_at for quote in found.quotes)
            doubt(follower, newest, live=live)
            follower.reached(newest)
    if whole and plan.symbols:
        lines = frozenset(await follower.reader.lines(plan.symbols))
        found.instruments = market.instruments(follower.feed.server, sorted(lines - seen.get("symbols", NOTHING)))
        seen["symbols"] = lines
    if plan.heartbeat:
        for row in await follower.reader.rows(plan.heartbeat):
            if row[0] is not None and (moment := beat(follower.feed.kind, str(row[0]), follower.clock)):
                follower.reached(moment)


async def doubt_at_first(follower: "Follower") -> None:
    """Refuse a clock by which prices are of another hour before it is kept as that of the server.

    Raises:
        ClockDoubted: as `doubt`.
    """
    lines = await follower.reader.lines(follower.plan.prices) if follower.plan.prices else []
    if quotes := market.quotes(follower.feed.server, lines, follower.clock):
        doubt(follower, max(quote.quoted_at for quote in quotes), live=False)


def doubt(follower: "Follower", newest: datetime, *, live: bool) -> None:
    """Refuse prices of another hour: from ahead at once, from behind if the next ones are, too; an export may lag.

    Raises:
        ClockDoubted: if the newest price is off by whole hours.
    """
    hours, before = hours_off(newest, follower.now()), follower.memory.behind
    if hours > 0 or (hours < 0 and live and hours == before):
        raise doubted(follower.feed.server, hours)
    follower.memory.behind = hours if live else 0
