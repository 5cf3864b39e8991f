"""Reading an account's history from the database, and measuring it away from the event loop."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, TypeVar

import numpy as np
from msgspec import structs

from opencabinet.accounts import NoSuchAccount, home
from opencabinet.db import Connection
from opencabinet.kernel.ids import Granted
from opencabinet.kernel.period import EVER, Period
from opencabinet.market import instruments
from opencabinet.statistics import store
from opencabinet.statistics.breakdown import grouped
from opencabinet.statistics.history import AMOUNTS, ROOM, TYPES, History, Standing, micros, places_for
from opencabinet.statistics.measuring import explained, measured
from opencabinet.statistics.metrics import METRICS
from opencabinet.statistics.model import (
    AmountsTooLarge,
    Dialect,
    Explanation,
    Group,
    Grouping,
    Measures,
    TooManyTrades,
    no_such_metric,
)

MOST_TRADES: Final = 5_000_000
"""Trades that are measured at once, at most: about 270 bytes each, 1.3 GB in all."""

T = TypeVar("T")


async def measure(
    conn: Connection, login: Granted, dialect: Dialect, period: Period = EVER, *, as_of: datetime | None = None
) -> Measures:
    """Return every metric of the trades that closed within a period.

    With `as_of`, the account is taken as it stood at that moment, not as last reported.

    Raises:
        TooManyTrades: if there are more than are measured at once.
    """
    return await aside(measured, await history(conn, login, period, as_of=as_of), dialect)


async def explain(
    conn: Connection,
    login: Granted,
    name: str,
    dialect: Dialect,
    period: Period = EVER,
    *,
    as_of: datetime | None = None,
) -> Explanation:
    """Return a metric with all that it takes to compute it again.

    Raises:
        NoSuchMetric: if there is none of this name.
    """
    if name not in METRICS:
        raise no_such_metric(name)
    return await aside(explained, await history(conn, login, period, as_of=as_of), name, dialect)


async def breakdown(
    conn: Connection,
    login: Granted,
    by: Grouping,
    dialect: Dialect,
    period: Period = EVER,
    *,
    as_of: datetime | None = None,
) -> list[Group]:
    """Return what the trades of each symbol, weekday, hour … come to; times by the server's wall clock."""
    return await aside(grouped, await history(conn, login, period, as_of=as_of), by, dialect)


async def aside(work: Callable[..., T], *given: Any) -> T:
    """Do `work` in a thread, so that others are answered meanwhile."""
    return await asyncio.to_thread(work, *given)


async def history(conn: Connection, login: Granted, period: Period = EVER, *, as_of: datetime | None = None) -> History:
    """Return the history of an account within a period, all of it as of one moment."""
    async with store.one_moment(conn):
        if (standing := await store.standing(conn, login)) is None:
            raise NoSuchAccount
        reported = standing.credit
        if as_of is not None:
            standing = await stood(conn, login, standing, as_of)
        size = await store.size(conn, login, period.since, period.until)
        flows = await store.flows(conn, login, period.since, period.until)
        if size.trades > MOST_TRADES or len(flows) > store.MOST_FLOWS:
            raise TooManyTrades
        carried = await store.carried(conn, login, period.since)
        credit = reported - await store.credit_after(conn, login, period.since)
        places = places_for(size.most, carried, credit, *(flow.amount for flow in flows))
        known = await store.symbols(conn, login)
        columns = await read(conn, login, period, places, known)
        deals = await store.deals(conn, login, period.since, period.until)
        first = (micros(deals.dealt_at), deals.deal) if deals.dealt_at and deals.deal is not None else None
        return History(
            standing=standing,
            columns=columns,
            places=places,
            symbols=tuple(known[number] for number in sorted(known)),
            flows=tuple(flows),
            carried=carried,
            carried_credit=credit,
            entered=first,
            deals=deals.deals if standing.platform == "mt5" else None,
            costs=deals.costs,
            since=None if period.since == EVER.since else period.since,
            until=None if period.until == EVER.until else period.until,
            pips=await pips(conn, login, list(known.values())),
        )


async def stood(conn: Connection, login: Granted, standing: Standing, at: datetime) -> Standing:
    """Return the account as it stood right before a moment; what only reports tell is not known of it."""
    balance = await store.carried(conn, login, at)
    credit = standing.credit - await store.credit_after(conn, login, at)
    return structs.replace(standing, balance=balance, credit=credit, equity=None, margin=None, as_of=at)


async def pips(conn: Connection, login: Granted, symbols: Sequence[str]) -> dict[str, Decimal]:
    """Return the pips of those symbols that are known on the account's server."""
    if (origin := await home(conn, login)) is None:
        return {}
    return {symbol: each.pip for symbol, each in (await instruments(conn, origin.server, symbols)).items()}


async def read(conn: Connection, login: Granted, period: Period, places: int, known: dict[int, str]) -> dict[str, Any]:
    """Return the columns of a period's trades."""
    pages = [page async for page in store.pages(conn, login, period.since, period.until, places)]
    return await aside(joined, pages, known)


def joined(pages: list[dict[str, Any]], known: dict[int, str]) -> dict[str, Any]:
    """Return pages as one; each column's pages are let go as soon as it is whole.

    The numbers symbols are read as give way to their places in the order of those numbers.

    Raises:
        AmountsTooLarge: if a column cannot be added up: its parts may cancel each other in the roll-ups.
    """
    columns = {
        name: np.concatenate([page.pop(name) for page in pages] or [np.empty(0, kind)]) for name, kind in TYPES.items()
    }
    if any(float(np.abs(columns[name].astype(np.float64)).sum()) > 2 * ROOM for name in AMOUNTS):
        raise AmountsTooLarge
    columns["symbol"] = np.searchsorted(np.array(sorted(known), np.int64), columns["symbol"])
    return columns
