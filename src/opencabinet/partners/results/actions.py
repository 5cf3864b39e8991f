"""Putting together what came of a partner's promotion."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Final

from msgspec import structs

from opencabinet.db import Connection
from opencabinet.kernel.ids import Login
from opencabinet.partners import clicks
from opencabinet.partners.clicks import Counted
from opencabinet.partners.results import store
from opencabinet.partners.results.model import NOTHING, Arrived, By, Earned, Result, Results

MARKED: Final = "marked"
"""What is counted of clicks and is no result."""
MOST: Final = 10_000
"""Rows that are put together, which is more than a partner has: those of one list may be the last of another."""


async def results(
    conn: Connection, login: Login, currency: str, since: date, until: date, by: By, *, limit: int
) -> Results:
    """Return what came of a partner's promotion from one day on and before another, put together by something.

    Days come in their order, all else by what it brought, then by its clicks. Money is that of one currency.
    """
    given = {"since": since, "until": until, "limit": MOST}
    counted = await clicks.days(conn, login, by=by, **given)  # type: ignore[arg-type]  # each of its own type
    arrived = await store.arrived(conn, login, by=by, **given)  # type: ignore[arg-type]  # the same
    earned = await store.earned(conn, login, currency, by=by, **given)  # type: ignore[arg-type]  # the same
    rows = sorted(joined(counted, arrived, earned), key=lambda row: place(row, by))
    return Results(rows=rows[:limit], whole=await whole(conn, login, currency, since, until), more=len(rows) > limit)


async def whole(conn: Connection, login: Login, currency: str, since: date, until: date) -> Result:
    """Return what came of a period."""
    found = await clicks.totals(conn, login, since, until)
    arrived = await store.arrived(conn, login, since, until, "all", limit=1)
    earned = await store.earned(conn, login, currency, since, until, "all", limit=1)
    [row] = joined(
        [Counted(value="", clicks=found.clicks, unique_clicks=found.unique_clicks, marked=0)], arrived, earned
    )
    return row


def joined(counted: Iterable[Counted], arrived: Iterable[Arrived], earned: Iterable[Earned]) -> list[Result]:
    """Return as one what is told of the same."""
    found: dict[str, Result] = {}
    rows: list[Counted | Arrived | Earned] = [*counted, *arrived, *earned]
    for each in rows:
        told = {name: value for name, value in structs.asdict(each).items() if name != MARKED}
        found[each.value] = structs.replace(found.get(each.value, Result(value=each.value)), **told)
    return list(found.values())


def place(row: Result, by: By) -> tuple[Decimal, int, str]:
    """Return a result's place among others."""
    return (NOTHING, 0, row.value) if by == "day" else (-row.rewards, -row.clicks, row.value)
