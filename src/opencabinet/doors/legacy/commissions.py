"""Commissions of partners, as the legacy wire says them."""

from collections.abc import Collection
from decimal import Decimal
from typing import Any, Final, Self

from litestar import Request, Response
from litestar.di import NamedDependency
from msgspec import Raw, Struct

from opencabinet import accounts
from opencabinet.access import Function
from opencabinet.db import Connection
from opencabinet.doors import caller
from opencabinet.doors.figures import number, unix
from opencabinet.doors.legacy.query import LIMIT, USUAL, Query, period_of
from opencabinet.doors.legacy.wire import answer
from opencabinet.doors.method import LOGIN, PASSKEY, method
from opencabinet.doors.view import View
from opencabinet.kernel.ids import Granted, Login
from opencabinet.kernel.page import Key
from opencabinet.kernel.problem import Malformed
from opencabinet.partners import programme, results, rewards
from opencabinet.partners.rewards import Reward

COMMENTS: Final = {"commission": "IB commission", "rebate": "Rebate", "qualified": "Qualified client"}
OTHER: Final = "Adjustment"
CORRECTION: Final = " (correction)"


class Commission(Struct, frozen=True, rename="pascal"):
    """A commission, its members in the order they are written: 0 is a client who does not let the login be seen."""

    ticket: int
    login: int
    amount: Raw
    time: int
    comment: str

    @classmethod
    def of(cls, reward: Reward, named: Collection[Login]) -> Self:
        """Say a reward in the words of the wire."""
        known = reward.client in named or reward.client == reward.login
        return cls(
            ticket=max(reward.ticket, 0),
            login=reward.client if known else 0,
            amount=number(reward.amount),
            time=unix(reward.closed_at),
            comment=COMMENTS.get(reward.kind, OTHER) + (CORRECTION if reward.revision > 1 else ""),
        )


class Record(Struct, frozen=True, rename="pascal"):
    """A partner's commissions. `BalanceRecords` is never null: the published sample counts it unasked."""

    partner: int
    balance_records: tuple[Commission, ...]


class Total(Struct, frozen=True, rename="pascal"):
    """What a partner's commissions come to, members in the order they are written."""

    partner: int
    amount: Raw
    currency: str


EXAMPLE: Final = [Record(1234567, (Commission(1, 7654321, number(Decimal("1.5")), 1466444034, "IB commission"),))]
OF_TOTAL: Final = Total(1234567, number(Decimal("1.5")), "USD")


@method(
    "GET",
    "partner/GetCommissionRecords/{login}",
    need=Function.COMMISSIONS,
    parameters=(LOGIN, PASSKEY, *period_of("trades that closed"), LIMIT),
    example=EXAMPLE,
)
async def list_commissions(
    request: Request[Any, Any, Any],
    conn: NamedDependency[Connection],
    granted: NamedDependency[Granted],
    view: NamedDependency[View],
) -> Response[bytes]:
    """List what the account was given as a partner, newest first; without what was taken back.

    An account that is no partner is answered with an empty list.
    """
    query = Query.of(request)
    async with conn.snapshot():
        found = await rewards.listed(conn, granted, query.period, limit=limit_of(query), gone=False)
        if not found.rows and await programme.partner(conn, granted) is None:
            return answer([], view=view)
        clients = set[Login]() if caller.let(request).anybody else {each.client for each in found.rows}
        named = await results.named(conn, granted, clients)
    return answer([Record(granted, tuple(Commission.of(each, named) for each in found.rows))], view=view)


def limit_of(query: Query) -> int:
    """Return how many are asked for; a published connector sends whatever it likes to every method."""
    try:
        return query.limit
    except Malformed:
        return USUAL


@method(
    "GET",
    "partner/GetTotalCommission/{login}",
    "partner/GetAgentTotalCommission/{login}",
    need=Function.COMMISSIONS,
    parameters=(LOGIN, PASSKEY, *period_of("trades that closed")),
    example=OF_TOTAL,
)
async def read_total(
    request: Request[Any, Any, Any],
    conn: NamedDependency[Connection],
    granted: NamedDependency[Granted],
    view: NamedDependency[View],
) -> Response[bytes]:
    """Say what the account was given as a partner for trades of a period, in its own currency."""
    period = Query.of(request).period
    async with conn.snapshot():
        account = await accounts.existing(conn, granted)
        place = Key(max(period.since, period.until), 0)
        total = await results.before(conn, granted, account.currency, period.since, place)
    return answer(Total(granted, number(total), account.currency), view=view)
