"""What a broker's server is on either platform: accounts, symbols, prices, a clock, and the rows it has to export."""

import random
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar, Final
from zoneinfo import ZoneInfo

from tests.double.books import Account, Group, Position, Symbol, rounded

Row = dict[str, Any]
Key = int | str
START: Final = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
FILETIME_EPOCH: Final = datetime(1601, 1, 1, tzinfo=UTC)
UNSET: Final = datetime(1970, 1, 1)  # noqa: DTZ001 - walls of servers have no zone
SYMBOLS: Final = (
    Symbol("EURUSD", 5, Decimal(100_000), "EUR", "USD", price=Decimal("1.10000")),
    Symbol("EURUSD.", 5, Decimal(100_000), "EUR", "USD", price=Decimal("1.10003")),
    Symbol("EURUSDm", 5, Decimal(1_000), "EUR", "USD", price=Decimal("1.10005")),
    Symbol("GBPUSD", 5, Decimal(100_000), "GBP", "USD", price=Decimal("1.25000")),
    Symbol("USDJPY", 3, Decimal(100_000), "USD", "JPY", price=Decimal("150.000")),
    Symbol("EURGBP", 5, Decimal(100_000), "EUR", "GBP", price=Decimal("0.85000")),
    Symbol("XAUUSD.swd", 2, Decimal(100), "XAU", "USD", mode=2, price=Decimal("2350.55")),
    Symbol("#AAPL", 2, Decimal(1), "USD", "USD", mode=2, price=Decimal("190.01")),
    Symbol("NEVER", 5, Decimal(100_000), "USD", "USD"),  # it was never quoted
)
SPREAD_POINTS: Final = 12
OPPOSITE: Final = {"buy": "sell", "sell": "buy"}
COMMISSION: Final = Decimal("-3.50")
SWAP: Final = Decimal("-0.37")


class Broker:
    """A server; every action keeps the books, and the rows that tell of it to the exporter."""

    platform: str
    groups: ClassVar[dict[str, Group]]

    def __init__(self, *, seed: int = 1, rule: str = "NewYork+7", now: datetime = START) -> None:
        self.random = random.Random(seed)  # noqa: S311 - the same seed makes the same broker
        self.rule, self.now = rule, now
        self.skew = timedelta(0)
        self.symbols = {symbol.name: symbol for symbol in SYMBOLS}
        self.prices = {symbol.name: symbol.price for symbol in SYMBOLS}
        self.accounts: dict[int, Account] = {}
        self.former: list[Account] = []
        self.rows: dict[str, dict[Key, Row]] = {}
        self.dirty: dict[tuple[str, Key], None] = {}
        self.last = 0

    def write(self, table: str, key: Key, row: Row) -> None:
        """Keep a row as it now is, for the exporter."""
        self.rows.setdefault(table, {})[key] = row
        self.touch(table, key)

    def erase(self, table: str, key: Key) -> None:
        """Drop a row."""
        self.rows[table].pop(key, None)
        self.touch(table, key)

    def touch(self, table: str, key: Key) -> None:
        """Have a row exported again, after all that waits already."""
        self.dirty.pop((table, key), None)
        self.dirty[table, key] = None

    def ticket(self) -> int:
        """Return the next number of a trade, an order or a deal."""
        self.last += 1
        return self.last

    def wait(self, **time: float) -> None:
        """Let time pass."""
        self.now += timedelta(**time)

    def ahead(self, at: datetime) -> timedelta:
        """Return how far the server's clock is ahead of UTC."""
        if self.rule.startswith("NewYork"):
            offset = at.astimezone(ZoneInfo("America/New_York")).utcoffset() or timedelta(0)
            return offset + timedelta(hours=int(self.rule.removeprefix("NewYork")))
        if self.rule[0] in "+-":
            hours, minutes = self.rule[1:].split(":")
            size = timedelta(hours=int(hours), minutes=int(minutes))
            return size if self.rule[0] == "+" else -size
        return at.astimezone(ZoneInfo(self.rule)).utcoffset() or timedelta(0)

    def wall(self, at: datetime | None = None) -> datetime:
        """Return what the server's clock shows."""
        at = at or self.now
        return (at + self.ahead(at)).replace(tzinfo=None)

    def filetime(self) -> int:
        """Return the stamp of a write by MetaTrader 5: steps of 100 nanoseconds since 1601, in UTC."""
        return (self.now + self.skew - FILETIME_EPOCH) // timedelta(microseconds=1) * 10

    def epoch(self) -> int:
        """Return the stamp of a write by MetaTrader 4."""
        return (self.now + self.skew - EPOCH) // timedelta(seconds=1)

    def quote(self, symbol: Symbol) -> tuple[Decimal, Decimal]:
        """Return bid and ask."""
        bid = self.prices[symbol.name]
        return bid, bid + Decimal(SPREAD_POINTS).scaleb(-symbol.digits)

    def price(self, symbol: Symbol, side: str) -> Decimal:
        """Return what a deal of this side is made at."""
        return self.quote(symbol)[side == "buy"]

    def walk(self, symbols: Iterable[str] = ()) -> None:
        """Move the prices a little."""
        for name in symbols or [each for each, price in self.prices.items() if price]:
            step = Decimal(self.random.randint(-40, 40)).scaleb(-self.symbols[name].digits)
            self.prices[name] += step
            self.told_price(self.symbols[name])

    def rate(self, currency: str, account: Account) -> Decimal:
        """Return what one unit of `currency` is in the account's."""
        worth = {
            "USD": Decimal(1),
            "USC": Decimal("0.01"),
            "EUR": self.prices["EURUSD"],
            "GBP": self.prices["GBPUSD"],
            "JPY": 1 / self.prices["USDJPY"],
        }
        return rounded(worth[currency] / worth[account.group.currency], 8)

    def raw(self, position: Position, lots: Decimal, price: Decimal) -> Decimal:
        """Return what a part of a position earns at `price`, in the symbol's currency."""
        return (price - position.price) * position.sign * lots * position.symbol.contract

    def profit(self, account: Account, position: Position, lots: Decimal, price: Decimal) -> Decimal:
        """Return the same in the account's currency."""
        raw = self.raw(position, lots, price) * self.rate(position.symbol.profit, account)
        return rounded(raw, account.group.digits)

    def charge(self, account: Account, lots: Decimal) -> Decimal:
        """Return the commission of so many lots."""
        return rounded(COMMISSION * lots, account.group.digits)

    def floating(self, account: Account) -> Decimal:
        """Return what the open positions stand at."""
        return sum((self.standing(account, each) for each in account.positions()), Decimal(0))

    def standing(self, account: Account, position: Position) -> Decimal:
        """Return what an open position stands at, without costs."""
        return self.profit(account, position, position.lots, self.price(position.symbol, OPPOSITE[position.side]))

    def account(self, group: str, number: int | None = None, **more: Any) -> Account:
        """Open an account; a number that was somebody else's before may be used again."""
        number = number or 1000 + len(self.accounts) + len(self.former) + 1
        if old := self.accounts.get(number):
            self.former.append(old)
        name = more.pop("name", f"Client {number}")
        made = Account(number, self.groups[group], name, self.now.replace(microsecond=0), **more)
        self.accounts[number] = made
        self.told_account(made)
        return made

    def move(self, account: Account, group: str | None = None, agent: int | None = None) -> None:
        """Move an account to another group of the same currency, or to another agent."""
        account.group = self.groups[group] if group else account.group
        account.agent = account.agent if agent is None else agent
        self.told_account(account)

    def owner(self, number: int) -> Account:
        """Return whose number it is now."""
        return self.accounts[number]

    def open_account_rows(self) -> None:
        """Write every account anew, as servers do at the end of the day."""
        for account in self.accounts.values():
            if not account.deleted:
                self.told_account(account)

    def told_account(self, account: Account) -> None:
        """Write the rows of an account."""
        raise NotImplementedError

    def told_price(self, symbol: Symbol) -> None:
        """Write the newest price of a symbol."""
        raise NotImplementedError
