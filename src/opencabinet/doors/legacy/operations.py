"""Operations on the balance, as the legacy wire says them: newest first, times in Unix seconds."""

from decimal import Decimal
from typing import Any, Final, Self

from litestar import Request, Response
from litestar.di import NamedDependency
from msgspec import Raw, Struct

from opencabinet.access import Function
from opencabinet.db import Connection
from opencabinet.doors.figures import number, unix
from opencabinet.doors.holding import Lasting
from opencabinet.doors.legacy.query import LIMIT, Query, period_of
from opencabinet.doors.legacy.wire import answer
from opencabinet.doors.method import LOGIN, PASSKEY, method
from opencabinet.doors.operations import COMPLETED, direction, operations
from opencabinet.doors.view import View
from opencabinet.kernel.ids import Granted
from opencabinet.ledger import Movement


class Row(Struct, frozen=True, kw_only=True, rename="pascal"):
    """An operation on the balance, its members in the order they are written; money out is below zero."""

    account: int
    amount: Raw
    date: int
    operation_id: int
    operation_type: int
    payment_system: str
    status: int
    ticket: int

    @classmethod
    def of(cls, movement: Movement) -> Self:
        """Say a movement in the words of the wire."""
        return cls(
            account=movement.login,
            amount=number(movement.amount),
            date=unix(movement.moved_at),
            operation_id=movement.ticket,
            operation_type=direction(movement),
            payment_system=movement.comment,
            status=COMPLETED,
            ticket=movement.ticket,
        )


EXAMPLE: Final = Row(
    account=1234567,
    amount=number(Decimal(-50)),
    date=1772443800,
    operation_id=68,
    operation_type=1,
    payment_system="Withdrawal",
    status=COMPLETED,
    ticket=68,
)


@method(
    "GET",
    "client/RequestBalanceOperations/{login}",
    need=Function.MOVEMENTS,
    held=Lasting.ROWS,
    parameters=(LOGIN, PASSKEY, *period_of("operations"), LIMIT),
    example=[EXAMPLE],
)
async def list_operations(
    request: Request[Any, Any, Any],
    conn: NamedDependency[Connection],
    granted: NamedDependency[Granted],
    view: NamedDependency[View],
) -> Response[bytes]:
    """List what moved the balance without a trade, deposits and withdrawals, newest first; credit is not among it."""
    query = Query.of(request)
    found = await operations(conn, granted, view.period(query.period), query.limit)
    return answer([Row.of(movement) for movement in found], view=view)
