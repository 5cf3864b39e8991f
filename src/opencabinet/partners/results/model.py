"""What came of a partner's promotion, put together by day or by where it came from."""

from datetime import date
from decimal import Decimal
from typing import Final, Literal

from msgspec import Struct

from opencabinet.kernel.ids import Login

By = Literal["day", "country", "link", "banner", "landing", "keyword"]
NOTHING: Final = Decimal(0)


class Opened(Struct, frozen=True):
    """An account that came to be a partner's by a click, on a day; the login is 0 if the client is masked."""

    day: date
    login: Login


class Arrived(Struct, frozen=True, kw_only=True):
    """How many accounts became a partner's, and how many were paid into for the first time."""

    value: str
    registrations: int
    first_deposits: int


class Earned(Struct, frozen=True, kw_only=True):
    """What clients traded and what that brought the partner: trades count that were paid for."""

    value: str
    active_clients: int
    trades: int
    lots: Decimal
    rewards: Decimal


class Result(Struct, frozen=True, kw_only=True):
    """All that came of something: a day, a country, a link; nothing stands for what is not known."""

    value: str
    clicks: int = 0
    unique_clicks: int = 0
    registrations: int = 0
    first_deposits: int = 0
    active_clients: int = 0
    trades: int = 0
    lots: Decimal = NOTHING
    rewards: Decimal = NOTHING

    @property
    def conversion(self) -> Decimal | None:
        """How many registrations came of a hundred visitors, None without any; some come without a click."""
        return Decimal(100 * self.registrations) / self.unique_clicks if self.unique_clicks else None

    @property
    def per_click(self) -> Decimal | None:
        """What a click brought, None without any."""
        return self.rewards / self.clicks if self.clicks else None


class Results(Struct, frozen=True, kw_only=True):
    """Results by what was asked for, and those of the whole period; `more` tells that some are not listed."""

    rows: list[Result]
    whole: Result
    more: bool
