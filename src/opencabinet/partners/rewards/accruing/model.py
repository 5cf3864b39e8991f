"""What is asked to be worked out, and for whom."""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final, Literal, NamedTuple

from msgspec import Struct, field

from opencabinet.db.outbox import Place
from opencabinet.kernel.ids import Login, Ticket
from opencabinet.kernel.problem import Conflict
from opencabinet.partners.plans import joined

ALWAYS: Final = datetime(1900, 1, 1, tzinfo=UTC)
NOBODY: Final[frozenset[Login]] = frozenset()

Why = Literal["closed", "corrected", "removed", "reworked", "recalculated", "qualified"]


class Meanwhile(Conflict):
    """Somebody changed rules or rewards meanwhile: it is to be worked out anew."""


class Ask(Struct, frozen=True, order=True):
    """Tickets of a client that may have closed, changed or gone, from `first` to `last`, of those closed `since` then.

    What is asked `anew` is worked out even if it is known and has not changed.
    """

    login: Login
    first: int
    last: int
    since: datetime = ALWAYS
    anew: bool = False


class Waiting(Struct, frozen=True):
    """Tickets of a client that wait to be worked out, and when that was asked for last."""

    login: Login
    first: int
    last: int
    since: datetime
    why: Literal["rate", "rework", "failed"]
    asked_at: datetime


class Batch(Struct, kw_only=True):
    """What is asked at a time: tickets, those of them that may be gone, and clients who may qualify for something.

    Of clients who came to be somebody's, or nobody's, all is to be worked out anew that closed since then: `anew`.
    Once all is done, the follower stands at `place` if one is given, and what was `waiting` waits no more.
    """

    asks: list[Ask] = field(default_factory=list)
    gone: set[tuple[Login, Ticket]] = field(default_factory=set)
    moved: set[Login] = field(default_factory=set)
    anew: dict[Login, datetime] = field(default_factory=dict)
    place: Place | None = None
    waiting: list[Waiting] = field(default_factory=list)

    def logins(self) -> set[Login]:
        """Return the clients that it is about."""
        return {ask.login for ask in self.asks} | {login for login, _ in self.gone} | self.moved | self.anew.keys()

    def only(self, logins: Iterable[Login]) -> None:
        """Leave out all other clients."""
        kept = set(logins)
        self.asks = merged(ask for ask in self.asks if ask.login in kept)
        self.gone = {each for each in self.gone if each[0] in kept}
        self.moved &= kept
        self.anew = {login: since for login, since in self.anew.items() if login in kept}


def merged(asks: Iterable[Ask]) -> list[Ask]:
    """Return asks in their order, those that overlap as one: no trade is asked for twice."""
    found: list[Ask] = []
    for ask in sorted(asks):
        if found and (last := found[-1]).login == ask.login and ask.first <= last.last:
            since, anew = min(last.since, ask.since), last.anew or ask.anew
            found[-1] = Ask(ask.login, last.first, max(last.last, ask.last), since, anew)
        else:
            found.append(ask)
    return found


class Since(Struct, frozen=True):
    """What holds of an account from a moment on."""

    login: Login
    since: datetime
    value: Any


class Dates:
    """What holds of one account, from moment to moment."""

    __slots__ = ("moments", "values")

    def __init__(self, rows: Iterable[Since] = ()) -> None:
        ordered = sorted(rows, key=lambda row: row.since)
        self.moments = [row.since for row in ordered]
        self.values = [row.value for row in ordered]

    def at(self, moment: datetime) -> Any:
        """Return what held at a moment, None before the first."""
        place = bisect_right(self.moments, moment)
        return self.values[place - 1] if place else None


class Client(Struct, frozen=True):
    """An account that was referred: its currency, its server, whose it was and in which group, from when on.

    `own` are the partners who are the client: the account itself, and others of the same person.
    """

    login: Login
    currency: str
    server: str
    partners: Dates
    groups: Dates
    own: frozenset[Login] = NOBODY


class Epoch(Struct, frozen=True):
    """What makes what is known of the rules, and of what was given, out of date once it changes."""

    partners: int
    changes: Decimal
    parents: int
    plans: int
    versions: int
    recalculations: int
    reversals: int


class Known(Struct, frozen=True):
    """A working of a trade that was kept."""

    login: Login
    ticket: Ticket
    revision: int
    why: Why
    closed_at: datetime
    told: str
    basis: str | None

    @property
    def explanation(self) -> str:
        """How it was worked out, whole."""
        return joined(self.told, self.basis)


class Sum(Struct, frozen=True):
    """What the lines of a trade come to for somebody at a level.

    `taken` is what those come to that were taken back; `reversed` tells that all of them were.
    """

    client: Login
    ticket: Ticket
    login: Login
    level: int
    kind: str
    currency: str
    amount: Decimal
    taken: Decimal
    reversed: bool


class Day(Struct, frozen=True):
    """What is added to what somebody was given on a day, for a client and at a level."""

    login: Login
    day: date
    client: Login
    level: int
    currency: str
    trades: int
    lots: Decimal
    amount: Decimal


class Month(Struct, frozen=True):
    """What is added to what a partner had in a month."""

    login: Login
    month: date
    currency: str
    trades: int
    lots: Decimal
    amount: Decimal


class Row(NamedTuple):
    """A trade as it is read, with what was known of it: its revision (0 for none) and a hash of its figures.

    `closed_by` is what it closed and was closed by; what is asked `anew` is worked out whether it has changed or not.
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
    closed_by: Ticket | None
    figures: int
    revision: int
    known: int | None
    anew: bool
