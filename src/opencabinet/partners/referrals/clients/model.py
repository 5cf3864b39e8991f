"""Clients as their partner sees them: no more than the client consented to, which is little unless they did."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Final, Literal, Self

from msgspec import Struct

from opencabinet.kernel.ids import Login
from opencabinet.kernel.problem import Unknown

Level = Literal["masked", "named", "full"]
SHOWN_DIGITS: Final = 3


class NobodysClient(Unknown):
    """The account is nobody's client: there is nobody to consent to."""


class Consent(Struct, frozen=True, kw_only=True):
    """What a client lets their partner see; since when, None where they never said anything."""

    partner: Login
    level: Level
    since: datetime | None


class Known(Struct, frozen=True, kw_only=True):
    """All that is known of a client, and what of it they consented to."""

    login: Login
    entry: int
    since: datetime
    level: Level
    name: str
    country: str
    registered_at: datetime | None
    balance: Decimal
    currency: str

    def __repr__(self) -> str:
        return f"Known({self.entry}, ***)"


class Client(Struct, frozen=True, kw_only=True):
    """A client as their partner sees them.

    Masked, that is the last three digits of the login, the country, and the months of registration and of becoming a
    client. Named adds the login, the first name and an initial; full adds the balance and the days. `key` is the
    client's place in the list, and tells nothing.
    """

    key: int
    level: Level
    ending: str
    country: str
    registered_month: str | None
    since_month: str
    login: Login | None = None
    name: str | None = None
    registered_on: date | None = None
    since: datetime | None = None
    balance: Decimal | None = None
    currency: str | None = None

    def __repr__(self) -> str:
        return f"Client({self.key}, ***)"

    @classmethod
    def of(cls, known: Known) -> Self:
        """Return what of a client their partner sees."""
        named, full = known.level != "masked", known.level == "full"
        registered = known.registered_at.astimezone(UTC).date() if known.registered_at else None
        return cls(
            key=known.entry,
            level=known.level,
            ending=ending(known.login),
            country=known.country,
            registered_month=month(known.registered_at) if known.registered_at else None,
            since_month=month(known.since),
            login=known.login if named else None,
            name=shortened(known.name) if named else None,
            registered_on=registered if full else None,
            since=known.since if full else None,
            balance=known.balance if full else None,
            currency=known.currency if full else None,
        )


def ending(login: Login) -> str:
    """Return the last digits of a login: three, and never more than half of it."""
    digits = str(login)
    return digits[len(digits) - min(SHOWN_DIGITS, len(digits) // 2) :]


def month(at: datetime) -> str:
    """Write the month of a moment."""
    return f"{at.astimezone(UTC):%Y-%m}"


def shortened(name: str) -> str:
    """Return the first name, and the last one's initial."""
    first, *others = name.split() or [""]
    return f"{first} {others[-1][0]}." if others else first
