"""Closed lots for a period, as the legacy wire says them."""

from decimal import Decimal
from typing import Any, Final

from litestar import Request, Response
from litestar.di import NamedDependency
from msgspec import Raw, Struct, field

from opencabinet import trades
from opencabinet.access import Function
from opencabinet.db import Connection
from opencabinet.doors.figures import NOTHING, number, unix
from opencabinet.doors.holding import Lasting
from opencabinet.doors.legacy.query import Query, period_of
from opencabinet.doors.legacy.wire import answer
from opencabinet.doors.method import LOGIN, PASSKEY, method
from opencabinet.doors.view import View
from opencabinet.kernel.ids import Granted


class ClosedLots(Struct, frozen=True, kw_only=True, rename="pascal"):
    """What closed within a period, its members in the order they are written; lots are the trading server's."""

    login: int
    since: int = field(name="From")
    until: int = field(name="To")
    closed_lots: Raw
    trades_count: int


EXAMPLE: Final = ClosedLots(
    login=1234567, since=1772409600, until=1772496000, closed_lots=number(Decimal("0.5")), trades_count=1
)


@method(
    "GET",
    "client/RequestClosedLots/{login}",
    "client/RequestClosedLots/{login}/{from}/{to}",
    need=Function.CLOSED_LOTS,
    held=Lasting.ROWS,
    parameters=(LOGIN, PASSKEY, *period_of("trades that closed")),
    example=EXAMPLE,
)
async def read_closed_lots(
    request: Request[Any, Any, Any],
    conn: NamedDependency[Connection],
    granted: NamedDependency[Granted],
    view: NamedDependency[View],
) -> Response[bytes]:
    """Read how many lots and trades closed within a period, exact to the second."""
    period = view.period(Query.of(request).period)
    found = await trades.closed_lots(conn, granted, period, by="total", without=view.without)
    return answer(
        ClosedLots(
            login=granted,
            since=unix(period.since),
            until=unix(period.until),
            closed_lots=number(sum((row.lots for row in found), NOTHING)),
            trades_count=sum(row.trades for row in found),
        ),
        view=view,
    )
