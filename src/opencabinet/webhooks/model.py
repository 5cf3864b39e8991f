"""What an owner asks for: where events are sent, which of them, and how much of each."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, Literal

from msgspec import Struct

from opencabinet.kernel.ids import Login
from opencabinet.kernel.money import figure
from opencabinet.kernel.problem import Conflict, Malformed, Unknown

MOST_ENDPOINTS: Final = 20
MOST_TYPES: Final = 50
MOST_SYMBOLS: Final = 50
LONGEST_NAME: Final = 64
LONGEST_TYPE: Final = 40
MOST_WAITING: Final = 10_000
"""So many deliveries wait for an endpoint at most; then it is paused, for it is too far behind."""
MOST_REPLAYED: Final = 1_000
"""So many events are looked through by one replay."""
TEST: Final = "webhook.test"
PAUSED: Final = "webhook.paused"
PREFIX: Final = "whk_"
Payload = Literal["fat", "thin"]
State = Literal["active", "paused"]


class NoSuchWebhook(Unknown):
    """The account has no such webhook."""


class TooManyWebhooks(Conflict):
    """An account has 20 webhooks at most."""


class WebhookPaused(Conflict):
    """The webhook is paused: resume it first."""


class NoSuchDelivery(Unknown):
    """No such event was to be sent to this webhook, or it was forgotten."""


class StillWaiting(Conflict):
    """It is still waiting to be sent."""


class BadFilter(Malformed):
    """A filter of the webhook cannot be gone by."""


class Filters(Struct, frozen=True, kw_only=True):
    """Which events are sent: each filter narrows those that carry what it looks at; without any, all are sent."""

    types: tuple[str, ...] = ()
    """Kinds of events, or their beginnings (`trade.*`)."""
    symbols: tuple[str, ...] = ()
    net_over: Decimal | None = None
    lots_over: Decimal | None = None
    margin_level_under: Decimal | None = None

    def let(self, kind: str, body: Mapping[str, Any]) -> bool:
        """Whether an event passes."""
        return (
            (not self.types or any(of_type(kind, each) for each in self.types))
            and self._symbol(body)
            and over(self.net_over, body.get("net"))
            and over(self.lots_over, body.get("lots"))
            and (self.margin_level_under is None or number(body.get("threshold")) in {None, self.margin_level_under})
        )

    def _symbol(self, body: Mapping[str, Any]) -> bool:
        symbol = body.get("symbol")
        return not self.symbols or symbol is None or str(symbol).upper() in {each.upper() for each in self.symbols}


def of_type(kind: str, asked: str) -> bool:
    """Whether a kind of event is asked for."""
    return kind.startswith(asked[:-1]) if asked.endswith(".*") else kind == asked


def over(least: Decimal | None, told: object) -> bool:
    """Whether a figure is over what is asked for, whatever its sign; one that is not told is not looked at."""
    found = number(told)
    return least is None or found is None or abs(found) > least


def number(told: object) -> Decimal | None:
    """Return a figure of an event's body, or None if there is none."""
    try:
        return figure(told) if isinstance(told, str) else None
    except Malformed:
        return None


class Wanted(Struct, frozen=True, kw_only=True):
    """A webhook as it is asked for."""

    url: str
    name: str = ""
    payload: Payload = "fat"
    filters: Filters = Filters()


class Endpoint(Struct, frozen=True, kw_only=True):
    """A webhook as it is kept; its secrets are elsewhere. `reason` says why it is paused."""

    login: Login
    id: int
    url: str
    name: str
    payload: Payload
    types: list[str]
    symbols: list[str]
    net_over: Decimal | None
    lots_over: Decimal | None
    margin_level_under: Decimal | None
    state: State
    reason: str
    begins_after: int
    failing_since: datetime | None
    previous_until: datetime | None
    created_at: datetime
    changed_at: datetime

    @property
    def filters(self) -> Filters:
        """Which events are sent."""
        return Filters(
            types=tuple(self.types),
            symbols=tuple(self.symbols),
            net_over=self.net_over,
            lots_over=self.lots_over,
            margin_level_under=self.margin_level_under,
        )

    def wants(self, kind: str, body: Mapping[str, Any]) -> bool:
        """Whether an event is sent here; a test goes to the endpoint it is of, whatever its filters."""
        if kind == TEST:
            return bool(body.get("webhook") == spelled(self.id))
        return self.filters.let(kind, body)


def spelled(endpoint: int) -> str:
    """Return a webhook's id as it is told."""
    return f"{PREFIX}{endpoint}"
