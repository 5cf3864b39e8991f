"""The people of the story: who they are, what they trade, and the money they bring and take."""

from collections.abc import Sequence
from typing import Final, Literal

from msgspec import Struct

from opencabinet.ingest.model import Platform


class Transfer(Struct, frozen=True):
    """Money or credit that came or went, so many days after the market opened."""

    day: int
    kind: Literal["balance", "credit"]
    amount: int
    comment: str


class Person(Struct, frozen=True, kw_only=True):
    """Somebody with an account: how often, how large and what they trade."""

    platform: Platform
    number: int
    seed: int
    name: str
    currency: str
    leverage: int | None = None
    mode: Literal["hedging", "netting"] | None = None
    every: int
    largest: int
    symbols: Sequence[str]
    transfers: Sequence[Transfer]


PEOPLE: Final = (
    Person(
        platform="mt4",
        number=1001001,
        seed=23,
        name="Marta Lindqvist",
        currency="USD",
        leverage=200,
        every=40,
        largest=40,
        symbols=("EURUSD", "GBPUSD", "USDJPY", "XAUUSD"),
        transfers=(
            Transfer(0, "balance", 10_000, "Deposit, bank transfer"),
            Transfer(93, "balance", 5_000, "Deposit, card"),
            Transfer(177, "balance", -2_500, "Withdrawal, bank transfer"),
            Transfer(261, "balance", -1_200, "Withdrawal, bank transfer"),
        ),
    ),
    Person(
        platform="mt4",
        number=1001002,
        seed=15,
        name="Tomás Oliveira",
        currency="EUR",
        leverage=30,
        every=64,
        largest=30,
        symbols=("EURUSD", "EURGBP", "GBPUSD", "USDCHF"),
        transfers=(
            Transfer(0, "balance", 4_000, "Deposit, bank transfer"),
            Transfer(1, "credit", 800, "Welcome credit 20%"),
            Transfer(120, "balance", 1_500, "Deposit, card"),
            Transfer(206, "credit", -800, "Credit expired"),
            Transfer(248, "balance", -700, "Withdrawal, card"),
        ),
    ),
    Person(
        platform="mt4",
        number=1001003,
        seed=38,
        name="Kenji Aramaki",
        currency="JPY",
        leverage=25,
        every=70,
        largest=20,
        symbols=("USDJPY", "EURJPY", "EURUSD"),
        transfers=(
            Transfer(2, "balance", 1_000_000, "Deposit, bank transfer"),
            Transfer(154, "balance", 300_000, "Deposit, bank transfer"),
        ),
    ),
    Person(
        platform="mt5",
        number=2001001,
        seed=71,
        name="Adaeze Brandt",
        currency="EUR",
        mode="hedging",
        every=150,
        largest=40,
        symbols=("EURUSD", "XAUUSD", "EURJPY"),
        transfers=(
            Transfer(1, "balance", 8_000, "Deposit"),
            Transfer(133, "balance", -1_000, "Withdrawal"),
        ),
    ),
    Person(
        platform="mt5",
        number=2001002,
        seed=41,
        name="Piotr Hale",
        currency="USD",
        mode="netting",
        every=170,
        largest=30,
        symbols=("EURUSD", "GBPUSD", "USDCHF", "XAUUSD"),
        transfers=(
            Transfer(0, "balance", 3_000, "Deposit"),
            Transfer(0, "credit", 600, "Credit 20%"),
            Transfer(190, "balance", 2_000, "Deposit"),
            Transfer(225, "credit", -200, "Credit reduced"),
        ),
    ),
)
