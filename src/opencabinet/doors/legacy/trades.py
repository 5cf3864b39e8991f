"""Open and closed trades, as the legacy wire says them: newest first, times in Unix seconds."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final, Self

from litestar import Request, Response
from litestar.di import NamedDependency
from msgspec import Raw, Struct, UnsetType

from opencabinet import trades
from opencabinet.access import Function
from opencabinet.db import Connection
from opencabinet.doors.caller import granted
from opencabinet.doors.figures import NOTHING, SIDE, number, unix
from opencabinet.doors.holding import Lasting
from opencabinet.doors.legacy.query import LIMIT, MOST, Query, period_of
from opencabinet.doors.legacy.wire import answer
from opencabinet.doors.method import LOGIN, PASSKEY, Parameter, method
from opencabinet.doors.netted import delayed
from opencabinet.doors.priced import opened_now
from opencabinet.doors.view import View, seen
from opencabinet.kernel.ids import Granted
from opencabinet.trades import ClosedTrade, OpenTrade, Trade, Wanted


class OpenRow(Struct, frozen=True, kw_only=True, rename="pascal"):
    """An open trade, its members in the order they are written. `Sl` and `Tp` are 0.0 where none is set."""

    ticket: int
    login: int
    symbol: str
    type: int
    volume: Raw | UnsetType
    open_time: int
    open_price: Raw | UnsetType
    current_price: Raw
    sl: Raw
    tp: Raw
    swaps: Raw
    profit: Raw
    digits: int
    comment: str | None

    @classmethod
    def of(cls, trade: OpenTrade) -> Self:
        """Say an open trade in the words of the wire."""
        return cls(
            ticket=trade.position,
            open_time=unix(trade.opened_at),
            open_price=number(trade.open_price),
            current_price=number(trade.current_price),
            **shared(trade),
        )


class ClosedRow(Struct, frozen=True, kw_only=True, rename="pascal"):
    """A closed trade, its members in the order they are written; the opening is null where no report told it."""

    ticket: int
    login: int
    symbol: str
    type: int
    volume: Raw
    open_time: int | None
    open_price: Raw | None
    close_time: int
    close_price: Raw
    sl: Raw
    tp: Raw
    swaps: Raw
    profit: Raw
    digits: int
    comment: str | None

    @classmethod
    def of(cls, trade: ClosedTrade) -> Self:
        """Say a closed trade in the words of the wire."""
        return cls(
            ticket=trade.ticket,
            open_time=None if trade.opened_at is None else unix(trade.opened_at),
            open_price=None if trade.open_price is None else number(trade.open_price),
            close_time=unix(trade.closed_at),
            close_price=number(trade.close_price),
            **shared(trade),
        )


def shared(trade: Trade) -> dict[str, Any]:
    """Return what both kinds of trade say in the same words."""
    return {
        "login": trade.login,
        "symbol": trade.symbol,
        "type": SIDE[trade.side],
        "volume": number(trade.lots),
        "sl": number(trade.stop_loss or NOTHING),
        "tp": number(trade.take_profit or NOTHING),
        "swaps": number(trade.swap),
        "profit": number(trade.profit),
        "digits": trade.digits,
        "comment": trade.comment or None,
    }


MONDAY: Final = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SHARED: Final[dict[str, Any]] = {
    "login": 1234567,
    "symbol": "EURUSD",
    "type": 0,
    "volume": number(Decimal("0.5")),
    "open_time": unix(MONDAY),
    "open_price": number(Decimal("1.1021")),
    "sl": number(NOTHING),
    "tp": number(Decimal("1.112")),
    "swaps": number(Decimal("-1.2")),
    "digits": 5,
    "comment": None,
}
OPEN: Final = OpenRow(ticket=71, current_price=number(Decimal("1.1051")), profit=number(Decimal(150)), **SHARED)
CLOSED: Final = ClosedRow(
    ticket=70,
    close_time=unix(MONDAY.replace(hour=15)),
    close_price=number(Decimal("1.1034")),
    profit=number(Decimal(65)),
    **SHARED,
)
FILTERS: Final = (
    *period_of("trades that closed"),
    Parameter("symbol", "query", "string", "Only trades of this symbol, in any letter case."),
    LIMIT,
)


@method(
    "GET",
    "client/RequestOpenTrades/{login}",
    need=Function.OPEN_TRADES,
    held=Lasting.NOW,
    direct=True,
    example=[OPEN],
)
async def list_open(request: Request[Any, Any, Any]) -> Response[bytes]:
    """List the trades that are open, newest first, at the last prices that are known."""
    view = seen(request)
    found = await opened_now(request, granted(request), Wanted(limit=MOST), view)
    rows = delayed(found.account, view, (OpenRow.of(each.trade) for each in found.trades))
    return answer(rows, view=view)


@method(
    "GET",
    "client/RequestClosedTrades/{login}",
    need=Function.CLOSED_TRADES,
    held=Lasting.ROWS,
    parameters=(LOGIN, PASSKEY, *FILTERS),
    example=[CLOSED],
)
async def list_closed(
    request: Request[Any, Any, Any],
    conn: NamedDependency[Connection],
    granted: NamedDependency[Granted],
    view: NamedDependency[View],
) -> Response[bytes]:
    """List the trades that closed within a period, newest first; each part of a trade closed apart is a row."""
    query = Query.of(request)
    wanted = Wanted(period=query.period, symbol=query.text("symbol"), limit=query.limit)
    page = await trades.closed(conn, granted, view.wanted(wanted))
    return answer([ClosedRow.of(trade) for trade in page.rows], view=view)
