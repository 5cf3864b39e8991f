"""Open and closed trades, as Peanut says them: newest first, times as the trading server's clock showed them."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final, Self

from litestar import Response
from litestar.di import NamedDependency
from msgspec import Raw, Struct, UnsetType

from opencabinet import trades
from opencabinet.access import Function
from opencabinet.db import Connection
from opencabinet.doors.figures import NOTHING, SIDE
from opencabinet.doors.netted import delayed
from opencabinet.doors.peanut.given import MOST, PAGE, Given
from opencabinet.doors.peanut.session import account_method
from opencabinet.doors.peanut.wire import Dialect, Serving, answer, wall
from opencabinet.doors.priced import opened
from opencabinet.doors.view import View
from opencabinet.kernel.ids import Granted
from opencabinet.trades import ClosedTrade, OpenTrade, Trade, Wanted

UNTOLD: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""The opening time of a trade whose opening no report told: clients fail on a list with a null among its times."""


class OpenRow(Struct, frozen=True, kw_only=True, rename="camel"):
    """An open trade, its members in the order they are written. `sl` and `tp` are nothing where none is set."""

    current_price: Raw
    comment: str | None
    digits: int
    login: int
    open_price: Raw | UnsetType
    open_time: str
    profit: Raw
    sl: Raw
    swaps: Raw
    symbol: str
    tp: Raw
    ticket: int
    type: int
    volume: Raw | UnsetType

    @classmethod
    def of(cls, trade: OpenTrade, dialect: Dialect) -> Self:
        """Say an open trade in the words of the wire."""
        return cls(
            current_price=dialect.number(trade.current_price),
            open_price=dialect.number(trade.open_price),
            open_time=wall(trade.opened_at, trade.opened_offset),
            ticket=trade.position,
            **shared(trade, dialect),
        )


class ClosedRow(Struct, frozen=True, kw_only=True, rename="camel"):
    """A closed trade, its members in the order they are written."""

    close_price: Raw
    close_time: str
    comment: str | None
    digits: int
    login: int
    open_price: Raw
    open_time: str
    profit: Raw
    sl: Raw
    swaps: Raw
    symbol: str
    tp: Raw
    ticket: int
    type: int
    volume: Raw

    @classmethod
    def of(cls, trade: ClosedTrade, dialect: Dialect) -> Self:
        """Say a closed trade in the words of the wire."""
        return cls(
            close_price=dialect.number(trade.close_price),
            close_time=wall(trade.closed_at, trade.closed_offset),
            open_price=dialect.number(trade.open_price or NOTHING),
            open_time=wall(trade.opened_at or UNTOLD, trade.opened_offset or 0),
            ticket=trade.ticket,
            **shared(trade, dialect),
        )


def shared(trade: Trade, dialect: Dialect) -> dict[str, Any]:
    """Return what both kinds of trade say in the same words."""
    return {
        "comment": trade.comment or None,
        "digits": trade.digits,
        "login": trade.login,
        "profit": dialect.number(trade.profit),
        "sl": dialect.number(trade.stop_loss or NOTHING),
        "swaps": dialect.number(trade.swap),
        "symbol": trade.symbol,
        "tp": dialect.number(trade.take_profit or NOTHING),
        "type": SIDE[trade.side],
        "volume": dialect.number(trade.lots),
    }


double = Dialect.OF_2023.number
SHARED: Final[dict[str, Any]] = {
    "comment": None,
    "digits": 5,
    "login": 1234567,
    "open_price": double(Decimal("1.1021")),
    "open_time": "2026-03-02T11:30:00",
    "sl": double(NOTHING),
    "swaps": double(Decimal("-1.2")),
    "symbol": "EURUSD",
    "tp": double(Decimal("1.112")),
    "type": 0,
    "volume": double(Decimal("0.5")),
}
OPEN: Final = OpenRow(ticket=71, current_price=double(Decimal("1.1051")), profit=double(Decimal(150)), **SHARED)
CLOSED: Final = ClosedRow(
    ticket=70,
    close_price=double(Decimal("1.1034")),
    close_time="2026-03-02T17:30:00",
    profit=double(Decimal(65)),
    **SHARED,
)


@account_method("GetOpenTrades", need=Function.OPEN_TRADES, example=[OPEN])
async def list_open(
    conn: NamedDependency[Connection],
    granted: NamedDependency[Granted],
    serving: NamedDependency[Serving],
    view: NamedDependency[View],
) -> Response[bytes]:
    """List the trades that are open, newest first, at the last prices that are known."""
    found = await opened(conn, granted, Wanted(limit=MOST), view)
    rows = delayed(found.account, view, (OpenRow.of(each.trade, serving.dialect) for each in found.trades))
    return answer(rows, view=view)


@account_method("GetClosedTrades", need=Function.CLOSED_TRADES, example=[CLOSED], more=PAGE)
async def list_closed(
    conn: NamedDependency[Connection],
    granted: NamedDependency[Granted],
    given: NamedDependency[Given],
    serving: NamedDependency[Serving],
    view: NamedDependency[View],
) -> Response[bytes]:
    """List the trades that closed within a period, newest first; each part of a trade closed apart is a row."""
    asked = given.page
    page = await trades.closed(conn, granted, view.wanted(Wanted(period=given.period, limit=asked.stop)))
    return answer([ClosedRow.of(trade, serving.dialect) for trade in page.rows[asked]], view=view)
