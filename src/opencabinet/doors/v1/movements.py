"""Money in and out, and credit."""

from typing import Final, Self

from msgspec import Struct

from opencabinet import balances, ledger
from opencabinet.access import Function
from opencabinet.doors.holding import Lasting
from opencabinet.doors.v1.listing import Listing, listing
from opencabinet.doors.v1.operation import Call, read
from opencabinet.doors.v1.query import LISTING, LONGEST_NAME, SPOKEN, Parameter, named
from opencabinet.doors.v1.words import BrokerTime, Currency, Figure, Time, broker_time, figure, time

KIND: Final = Parameter(
    name="kind",
    read=named("kind"),
    text="Only movements of this kind.",
    schema={"type": "string", "minLength": 1, "maxLength": LONGEST_NAME, "pattern": SPOKEN},
    example="balance",
)


class Movement(Struct, frozen=True, kw_only=True):
    """Money that moved without a trade; more kinds may come.

    `kind` is the platform's word: balance, credit, bonus, charge, correction, dividend and so on, or `opening` for what
    the rows known do not explain. `bucket` tells what it changed: the balance, or credit, which cannot be withdrawn.
    """

    ticket: int
    kind: str
    bucket: str
    amount: Figure
    currency: Currency
    moved_at: Time
    moved_at_broker: BrokerTime
    comment: str

    @classmethod
    def of(cls, movement: ledger.Movement, currency: str) -> Self:
        """Say a movement."""
        return cls(
            ticket=movement.ticket,
            kind=movement.kind,
            bucket="credit" if movement.kind in ledger.CREDIT else "balance",
            amount=figure(movement.amount),
            currency=currency,
            moved_at=time(movement.moved_at),
            moved_at_broker=broker_time(movement.moved_at, movement.moved_offset),
            comment=movement.comment,
        )


@read(
    "/accounts/{login}/movements",
    tag="movements",
    need=Function.MOVEMENTS,
    held=Lasting.ROWS,
    answer=Listing[Movement],
    parameters=(*LISTING, KIND),
)
async def list_movements(call: Call) -> Listing[Movement]:
    """List deposits, withdrawals, credit and other movements within a period, newest first.

    The receipt's results and costs are those of the trades between the page's first and last movement.
    """
    period, below, kind = call.period, call.below, call.query["kind"]
    async with call.conn.snapshot():
        account = await call.view.account(call.conn, call.login)
        page = await ledger.movements(call.conn, call.login, period, below=below, kind=kind, limit=call.query["limit"])
        filtered = kind is not None or bool(call.view.without)
        receipt = await balances.of_movements(call.conn, call.login, below, period, page, filtered=filtered)
    return listing(
        call,
        [Movement.of(row, account.currency) for row in page.rows],
        account=account,
        receipt=receipt,
        next_key=page.next,
        time_field="moved",
    )
