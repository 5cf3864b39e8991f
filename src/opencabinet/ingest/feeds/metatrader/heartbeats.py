"""Which clock a server runs by, whether that can be right, and up to when its reporting database is known to be."""

from datetime import UTC, datetime, timedelta
from typing import Final

from opencabinet.ingest.feeds.metatrader import queries
from opencabinet.ingest.feeds.metatrader.model import Feed, SourceUnfit
from opencabinet.ingest.feeds.metatrader.reader import Reader
from opencabinet.ingest.feeds.metatrader.schema import Schema
from opencabinet.kernel.clock import Clock, clock

SUMMER_MINUTES: Final = 60
FARTHEST_HOURS: Final = 15
CLOSE: Final = timedelta(minutes=2)
FILETIME_UNITS: Final = 10_000_000
FILETIME_BEGIN: Final = 11_644_473_600
"""Seconds from 1601, where FILETIME begins, to 1970."""
FIRST_YEAR, LAST_YEAR = 1990, 2100


class ClockDoubted(SourceUnfit):
    """The clock of a server cannot be the one that it is read by."""


async def zone(reader: Reader, feed: Feed, schema: Schema, now: datetime) -> Clock:
    """Return the clock of a server: the one that the operator tells, or the one in its database.

    Raises:
        SourceUnfit: if nobody tells it, or both tell and disagree.
    """
    table = schema.get("mt5_time") if feed.kind == "mt5" else None
    rows = await reader.rows(queries.columns_of(table, "TimeZone", "Daylight")) if table else []
    minutes, summer = (int(rows[0][0]), bool(rows[0][1])) if rows else (None, False)
    if not feed.clock:
        if minutes is None or summer:
            why = "changes between winter and summer, by a rule that it does not tell" if summer else "is not told"
            raise SourceUnfit(f"{feed.server}: the clock of the server {why}: give `clock`.")
        return clock(f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}")
    given = clock(feed.clock)
    if minutes is not None and abs(given.at(now).offset - minutes) > SUMMER_MINUTES:
        raise ClockDoubted(
            f"{feed.server}: by `clock` the server is {given.at(now).offset} minutes ahead of UTC, by its database "
            f"{minutes}: nothing is read before they agree."
        )
    return given


def hours_off(quoted: datetime, now: datetime) -> int:
    """Return by how many whole hours a price that was just made is off our clock; 0 for whatever else is wrong."""
    off = quoted - now
    hours = round(off / timedelta(hours=1))
    return hours if abs(hours) <= FARTHEST_HOURS and abs(off - timedelta(hours=hours)) <= CLOSE else 0


def doubted(server: str, hours: int) -> ClockDoubted:
    """Return the problem of a clock that is off by so many hours."""
    return ClockDoubted(
        f"{server}: the newest price is {abs(hours)} h {'ahead of' if hours > 0 else 'behind'} our clock: see whether "
        "`clock` is right; nothing is read before."
    )


def filetime(stamp: int) -> datetime | None:
    """Return the moment of a stamp of MetaTrader 5, None for none."""
    return epoch(stamp // FILETIME_UNITS - FILETIME_BEGIN)


def epoch(seconds: int) -> datetime | None:
    """Return the moment so many seconds after 1970, None for one that cannot be meant."""
    years = (datetime(FIRST_YEAR, 1, 1, tzinfo=UTC), datetime(LAST_YEAR, 1, 1, tzinfo=UTC))
    if not years[0].timestamp() < seconds < years[1].timestamp():
        return None
    return datetime.fromtimestamp(seconds, UTC)


def beat(kind: str, text: str, given: Clock) -> datetime | None:
    """Return the moment up to which a database says it is: seconds, a FILETIME, or a wall time."""
    if text.isdigit():
        number = int(text)
        return filetime(number) if number > FILETIME_BEGIN * FILETIME_UNITS else epoch(number)
    try:
        wall = datetime.fromisoformat(text)
    except ValueError:
        return None
    return given.moment(wall).at if wall.year >= FIRST_YEAR and kind == "mt5" else None
