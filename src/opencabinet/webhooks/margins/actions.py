"""Telling that a margin level fell under what its owner watches, or rose well over it again: once for each crossing."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Final

from opencabinet.db import Connection, outbox
from opencabinet.kernel.ids import Login
from opencabinet.kernel.money import plain
from opencabinet.webhooks.endpoints import store as endpoints
from opencabinet.webhooks.endpoints.store import Watch
from opencabinet.webhooks.margins import store

LOW: Final = "margin.low"
RECOVERED: Final = "margin.recovered"
WELL_OVER: Final = Decimal("1.05")
"""A level that swings about the threshold is told once: it must rise so far over it to count as recovered."""
AT_ONCE: Final = 500
Levels = Callable[[Connection, Sequence[Login]], Awaitable[Mapping[Login, Decimal | None]]]
"""Gives the margin levels of accounts in percent: None for one that binds no margin; absent where it is not known."""


async def watch(conn: Connection, levels: Levels) -> int:
    """Look at every margin level that is watched, and return how many crossings were told."""
    told, after = 0, 0
    while watched := await endpoints.watched(conn, after, AT_ONCE):
        if len(watched) == AT_ONCE:  # the thresholds of the last account may not be whole
            watched = [each for each in watched if each.login != watched[-1].login] or watched
        told += await look(conn, watched, levels)
        after = watched[-1].login
    await store.forget(conn)
    return told


async def look(conn: Connection, watched: Sequence[Watch], levels: Levels) -> int:
    """Tell of what was crossed."""
    logins = [login for login, _ in groupby(watched, key=lambda each: each.login)]
    async with conn.snapshot():  # an account of before and its trades of after are worth what nobody ever had
        found, known = await levels(conn, logins), await store.low(conn, logins)
    told = 0
    for each in watched:
        if each.login not in found:
            continue
        level, was = found[each.login], known.get((each.login, each.threshold), False)
        now = side(level, each.threshold, low=was)
        if now != was:
            told += await cross(conn, each, level, low=now)
    return told


def side(level: Decimal | None, threshold: Decimal, *, low: bool) -> bool:
    """Whether a level counts as under a threshold, knowing on which side it was; one that binds nothing does not."""
    if level is None:
        return False
    return level < threshold * WELL_OVER if low else level < threshold


async def cross(conn: Connection, watched: Watch, level: Decimal | None, *, low: bool) -> bool:
    """Tell of a crossing, unless somebody did."""
    async with conn.transaction():
        if new := await store.note(conn, watched.login, watched.threshold, low=low):
            shown = None if level is None else plain(level.quantize(Decimal("0.01")))
            figures = {"level": shown, "threshold": plain(watched.threshold)}
            await outbox.append(conn, watched.login, LOW if low else RECOVERED, **figures)
    return new
