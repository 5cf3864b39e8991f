"""Operations on the balance, as Peanut says them: newest first, times as the trading server's clock showed them."""

from decimal import Decimal
from typing import Final, Self

from litestar import Response
from litestar.di import NamedDependency
from msgspec import Raw, Struct

from opencabinet.access import Function
from opencabinet.db import Connection
from opencabinet.doors.operations import COMPLETED, direction, operations
from opencabinet.doors.peanut.given import PAGE, Given
from opencabinet.doors.peanut.session import account_method
from opencabinet.doors.peanut.wire import Dialect, Serving, answer, wall
from opencabinet.doors.view import View
from opencabinet.kernel.ids import Granted
from opencabinet.ledger import Movement


class Row(Struct, frozen=True, kw_only=True, rename="camel"):
    """An operation on the balance, its members in the order they are written; money out is below zero."""

    account: int
    amount: Raw
    date: str
    operation_id: int
    operation_type: int
    payment_system: str
    status: int
    ticket: int

    @classmethod
    def of(cls, movement: Movement, dialect: Dialect) -> Self:
        """Say a movement in the words of the wire."""
        return cls(
            account=movement.login,
            amount=dialect.number(movement.amount),
            date=wall(movement.moved_at, movement.moved_offset),
            operation_id=movement.ticket,
            operation_type=direction(movement),
            payment_system=movement.comment,
            status=COMPLETED,
            ticket=movement.ticket,
        )


EXAMPLE: Final = Row(
    account=1234567,
    amount=Dialect.OF_2023.number(Decimal(-50)),
    date="2026-03-02T11:30:00",
    operation_id=68,
    operation_type=1,
    payment_system="Withdrawal",
    status=COMPLETED,
    ticket=68,
)


@account_method("GetBalanceOperationsHistory", need=Function.MOVEMENTS, example=[EXAMPLE], more=PAGE)
async def list_operations(
    conn: NamedDependency[Connection],
    granted: NamedDependency[Granted],
    given: NamedDependency[Given],
    serving: NamedDependency[Serving],
    view: NamedDependency[View],
) -> Response[bytes]:
    """List what moved the balance without a trade, deposits and withdrawals, newest first; credit is not among it."""
    asked = given.page
    found = await operations(conn, granted, view.period(given.period), asked.stop)
    return answer([Row.of(movement, serving.dialect) for movement in found[asked]], view=view)
