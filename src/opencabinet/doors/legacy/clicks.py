"""Clicks on a partner's links, as the legacy wire says them: day by day, days of UTC in Unix seconds."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from litestar import Request, Response
from litestar.di import NamedDependency
from msgspec import Struct

from opencabinet.access import Function
from opencabinet.db import Connection
from opencabinet.doors import caller
from opencabinet.doors.figures import unix
from opencabinet.doors.legacy.query import MOST, Query
from opencabinet.doors.legacy.wire import answer
from opencabinet.doors.method import LOGIN, PASSKEY, Parameter, method
from opencabinet.doors.view import View
from opencabinet.kernel.ids import Granted, Login
from opencabinet.partners import clicks, results
from opencabinet.partners.clicks import Counted
from opencabinet.partners.results import Opened

MOST_DAYS: Final = 400
DAY: Final = timedelta(days=1)
NOBODY: Final = Login(0)
FROM: Final = Parameter("from", "query", "integer", f"Unix seconds; this day and later, of the last {MOST_DAYS}.")
TO: Final = Parameter("to", "query", "integer", "Unix seconds; days that begin before this time.")


class Row(Struct, frozen=True, rename="pascal"):
    """A day, its members in the order they are written; `ReferalAccounts` is spelled as the published wire has it.

    An account is 0 there unless its client lets the partner know the login; while clicks are open, every one is.
    """

    date: int
    clicks: int
    unique_clicks: int
    referal_accounts: tuple[int, ...]


EXAMPLE: Final = [Row(1772409600, 12, 7, (7654321, 0))]


@method(
    "GET",
    "partner/GetClickStatistics/{login}",
    "partner/GetClicks/{login}",
    need=Function.CLICKS,
    parameters=(LOGIN, PASSKEY, FROM, TO),
    example=EXAMPLE,
)
async def list_clicks(
    request: Request[Any, Any, Any],
    conn: NamedDependency[Connection],
    granted: NamedDependency[Granted],
    view: NamedDependency[View],
) -> Response[bytes]:
    """List the clicks on the partner's links day by day, the first day first, with the accounts opened from them."""
    since, until = days_of(Query.of(request), view)
    async with conn.snapshot():
        counted = await clicks.days(conn, granted, since, until, limit=MOST_DAYS)
        opened = await results.opened(conn, granted, since, until, limit=MOST)
    return answer(rows(counted, opened, named=not caller.let(request).anybody), view=view)


def days_of(query: Query, view: View) -> tuple[date, date]:
    """Return from which day on and before which one is asked, as far as the caller sees."""
    asked, now = query.period, datetime.now(UTC)
    last = min(asked.until - timedelta(microseconds=1), now)
    until = view.days(last.date() + DAY, 0)
    return max(asked.since.date(), until - MOST_DAYS * DAY), until


def rows(counted: Iterable[Counted], opened: Iterable[Opened], *, named: bool) -> list[Row]:
    """Say days on which anything was clicked or opened."""
    by_day = {date.fromisoformat(each.value): each for each in counted}
    accounts = defaultdict[date, list[int]](list)
    for each in opened:
        accounts[each.day].append(each.login if named else NOBODY)
    return [
        Row(
            date=unix(datetime.combine(day, datetime.min.time(), UTC)),
            clicks=by_day[day].clicks if day in by_day else 0,
            unique_clicks=by_day[day].unique_clicks if day in by_day else 0,
            referal_accounts=tuple(accounts[day]),
        )
        for day in sorted({*by_day, *accounts})
    ]
