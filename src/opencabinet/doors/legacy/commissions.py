"""Commissions of partners, as the legacy wire says them."""

from decimal import Decimal
from typing import Final

from litestar import Response
from litestar.di import NamedDependency
from msgspec import Raw, Struct

from opencabinet.access import Function
from opencabinet.doors.figures import number
from opencabinet.doors.legacy.wire import answer
from opencabinet.doors.method import method
from opencabinet.doors.view import View


class Commission(Struct, frozen=True, rename="pascal"):
    """A commission, its members in the order they are written."""

    ticket: int
    login: int
    amount: Raw
    time: int
    comment: str


class Record(Struct, frozen=True, rename="pascal"):
    """A partner's commissions. `BalanceRecords` is never null: the published sample counts it unasked."""

    partner: int
    balance_records: tuple[Commission, ...]


EXAMPLE: Final = [Record(1234567, (Commission(1, 7654321, number(Decimal("1.5")), 1466444034, "IB commission"),))]


@method("GET", "partner/GetCommissionRecords/{login}", need=Function.COMMISSIONS, example=EXAMPLE)
async def list_commissions(view: NamedDependency[View]) -> Response[bytes]:
    """List the commissions the account earned as a partner; none are accrued yet, so the list is empty."""
    return answer([], view=view)
