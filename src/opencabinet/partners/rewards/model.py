"""Rewards: lines that partners are given for trades of their clients, and what becomes of each."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from typing import Final, Literal

from msgspec import Struct

from opencabinet.kernel.ids import Login, Ticket
from opencabinet.kernel.money import exponent
from opencabinet.kernel.page import Key
from opencabinet.kernel.problem import Conflict, Unknown

State = Literal["accrued", "held", "approved", "payable", "paid", "reversed", "disputed"]
Kind = Literal["commission", "rebate", "qualified", "adjustment"]
By = Literal["day", "month", "client", "level"]

NEXT: Final[Mapping[State, frozenset[State]]] = {
    "accrued": frozenset({"held", "approved", "reversed", "disputed"}),
    "held": frozenset({"accrued", "approved", "reversed", "disputed"}),
    "approved": frozenset({"held", "payable", "reversed", "disputed"}),
    "payable": frozenset({"paid", "disputed"}),
    "paid": frozenset(),
    "reversed": frozenset(),
    "disputed": frozenset({"accrued", "held", "approved", "payable", "paid"}),
}
"""What a line may become; a dispute that ends gives it back what it was."""

PRECISION: Final = 40


class NoSuchReward(Unknown):
    """The account has no such reward."""


class NotNow(Conflict):
    """The reward is in a state that does not allow it."""


class Reward(Struct, frozen=True, kw_only=True):
    """A line: what an account was given for a trade of a client, or for the client, in their own currency.

    `level` counts from 0, the direct partner. A correction is a line of a later `revision`, below zero where something
    is taken back. A ticket below 0 is no trade: it was given once for the client.
    """

    login: Login
    id: int
    client: Login
    ticket: Ticket
    closed_at: datetime
    revision: int
    level: int
    kind: Kind
    amount: Decimal
    currency: str
    state: State
    held_until: datetime | None
    before: State | None
    settlement: int | None

    def key(self) -> Key:
        """Return its place among the lines of its account."""
        return Key(self.closed_at, self.id)


class Explained(Struct, frozen=True, kw_only=True):
    """A line with how it was worked out: why, when, and the explanation, which is JSON as it was written."""

    reward: Reward
    why: str
    worked_at: datetime
    explanation: str


class Total(Struct, frozen=True, kw_only=True):
    """What came in of a day, a month (its first day), a client or a level; `place` is where it stands in its list."""

    place: int
    day: date | None
    client: Login | None
    level: int | None
    currency: str
    trades: int
    lots: Decimal
    amount: Decimal


def may(state: State, to: State) -> bool:
    """Whether a line of a state may become one of another."""
    return to in NEXT[state]


def before(to: State) -> list[State]:
    """Return the states that may become another."""
    return [state for state in NEXT if may(state, to)]


def rounded(total: Decimal, currency: str) -> tuple[Decimal, Decimal]:
    """Return what is paid of a sum, and what is carried on: rounded half to even, and nothing of what is owed back."""
    with localcontext(prec=PRECISION):
        paid = max(total.quantize(Decimal(1).scaleb(-exponent(currency)), ROUND_HALF_EVEN), Decimal(0))
        return paid, total - paid
