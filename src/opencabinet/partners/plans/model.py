"""What a reward is worked out from, and what it comes to.

Amounts of lines have six decimal places and are in the currency of whom they are given to. Commission, swap and fee of
a trade are as its account saw them: below zero where the client paid.
"""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final, Literal

from msgspec import Struct

from opencabinet.kernel.ids import Login, Ticket
from opencabinet.kernel.problem import Conflict, Malformed, Overloaded
from opencabinet.partners.plans.plan import Plan

PLACES: Final = 6
"""Decimal places of an amount."""

LONGEST: Final = 16_384
"""Characters of an explanation, at most."""


class BadPlan(Malformed):
    """The plans cannot be read, so none of them was kept."""


class BadExplanation(Malformed):
    """It is no explanation, or not as it was written."""


class TooEarly(Conflict):
    """A later version of the plan is there already: what was is not changed."""


class TooManyPlans(Overloaded):
    """There are as many versions of plans as are kept."""


class Traded(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A closing, as it is paid for.

    `bonus` is what the house gave the client for this trade; `closed_by` the ticket that it closed and was closed by.
    """

    login: Login
    ticket: Ticket
    symbol: str
    side: str
    lots: Decimal
    contract_size: Decimal | None
    digits: int
    opened_at: datetime | None
    closed_at: datetime
    open_price: Decimal | None
    close_price: Decimal
    profit: Decimal
    commission: Decimal
    swap: Decimal
    fee: Decimal
    currency: str
    group: str
    bonus: Decimal = Decimal(0)
    closed_by: Ticket | None = None


class Referred(Struct, frozen=True, kw_only=True):
    """What a client has done, for what is paid once: sums are of the account's currency, at the time `at`.

    `deposited` is what came within 24 hours of the first deposit. `lots` and `commission` (paid, above zero) are those
    of trades that closed until then, and within the plan's days of the first deposit.
    """

    login: Login
    currency: str
    group: str
    country: str | None
    first_deposit_at: datetime | None
    deposited: Decimal
    lots: Decimal
    commission: Decimal
    at: datetime


class Rate(Struct, frozen=True):
    """One `base` is worth `rate` of `quote`; who said so, and when."""

    base: str
    quote: str
    rate: Decimal
    source: str
    at: datetime | None


class Rung(Struct, frozen=True, kw_only=True):
    """A level of the chain, the direct partner's first.

    What the partner was given before in the day and the month of this trade is in `currency`, the partner's own; the
    month's lots are of all trades below, as they closed. One who `is_client` is given nothing: the trade is their own.
    """

    login: Login
    currency: str
    plan: Plan
    version: int
    month_lots: Decimal
    month_amount: Decimal
    day_amount: Decimal
    is_client: bool = False


class Line(Struct, frozen=True):
    """What somebody is given: a partner of some level, or the client as a rebate. Below zero if it is owed back."""

    login: Login
    level: int
    kind: Literal["commission", "rebate", "qualified"]
    amount: Decimal
    currency: str


class Version(Struct, frozen=True, kw_only=True):
    """A plan as it holds from a moment on."""

    plan: Plan
    version: int
    since: datetime
    note: str
    made_at: datetime


def valid(versions: Mapping[str, Sequence[Version]], name: str, at: datetime) -> Version | None:
    """Return the version of a plan that holds at a moment, None if none does: of two since the same one, the later."""
    known = versions.get(name, ())
    place = bisect_right(known, at, key=lambda version: version.since)
    return known[place - 1] if place else None


Rates = Callable[[str, str], Rate | None]
"""What one of the first currency is worth in the second. It may answer with the rate the other way round, as quoted."""
