"""The people who trade at the invented broker, and the two servers they have their accounts on."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final, Literal

from msgspec import Struct

from opencabinet.ingest.model import Platform

Habit = Literal["scalps", "averages down", "trades news", "swings", "copies", "sleeps"]
COMPANY: Final = "Harbour Street Markets"
CLOCK: Final = "NewYork+7"
SERVERS: Final[Mapping[Platform, str]] = {"mt4": "HarbourStreet-MT4", "mt5": "HarbourStreet-MT5"}


class Person(Struct, frozen=True, kw_only=True):
    """Somebody with an account: how they trade, how large at most, and the money they begin with.

    `bonus` is the part of the first deposit that is given as credit, money once so many lots have closed. `agent` is
    the number of who brought them, and `leader` of whom they copy; both are on the same server.
    """

    platform: Platform
    number: int
    name: str
    currency: str
    leverage: int
    mode: Literal["hedging", "netting"] = "hedging"
    group: str
    habit: Habit
    symbols: Sequence[str]
    largest: Decimal
    deposit: Decimal
    bonus: tuple[Decimal, Decimal] | None = None
    agent: int | None = None
    leader: int | None = None

    @property
    def server(self) -> str:
        """The server of the account."""
        return SERVERS[self.platform]


PEOPLE: Final = (
    Person(
        platform="mt4",
        number=1001001,
        name="Marta Lindqvist",
        currency="USD",
        leverage=200,
        group="HS-USD-Standard",
        habit="scalps",
        symbols=("EURUSD", "GBPUSD", "USDJPY", "XAUUSD", "BTCUSD"),
        largest=Decimal("0.4"),
        deposit=Decimal(10_000),
    ),
    Person(
        platform="mt4",
        number=1001002,
        name="Tomás Oliveira",
        currency="EUR",
        leverage=100,
        group="HS-EUR-Standard",
        habit="averages down",
        symbols=("EURUSD", "EURGBP", "GBPUSD", "USDCHF", "BTCUSD"),
        largest=Decimal("0.3"),
        deposit=Decimal(4_000),
        bonus=(Decimal("0.2"), Decimal(8)),
        agent=1001001,
    ),
    Person(
        platform="mt4",
        number=1001003,
        name="Kenji Aramaki",
        currency="JPY",
        leverage=25,
        group="HS-JPY-Standard",
        habit="trades news",
        symbols=("USDJPY", "EURJPY", "EURUSD", "BTCUSD"),
        largest=Decimal("0.1"),
        deposit=Decimal(1_000_000),
    ),
    Person(
        platform="mt4",
        number=1001004,
        name="Ingrid Vasquez",
        currency="USD",
        leverage=100,
        group="HS-USD-Standard",
        habit="sleeps",
        symbols=("XAUUSD", "US500"),
        largest=Decimal("0.2"),
        deposit=Decimal(6_000),
        agent=1001001,
    ),
    Person(
        platform="mt5",
        number=2001001,
        name="Adaeze Brandt",
        currency="EUR",
        leverage=100,
        group="real\\standard-eur",
        habit="swings",
        symbols=("EURUSD", "XAUUSD", "EURJPY", "US500", "BTCUSD"),
        largest=Decimal("0.4"),
        deposit=Decimal(8_000),
    ),
    Person(
        platform="mt5",
        number=2001002,
        name="Piotr Hale",
        currency="USD",
        leverage=100,
        mode="netting",
        group="real\\netting-usd",
        habit="copies",
        symbols=("EURUSD", "XAUUSD", "EURJPY", "US500", "BTCUSD"),
        largest=Decimal("0.3"),
        deposit=Decimal(3_000),
        bonus=(Decimal("0.2"), Decimal(5)),
        agent=2001001,
        leader=2001001,
    ),
)
