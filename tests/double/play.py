"""What clients and the house do all day, at random and yet the same for the same seed."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from tests.double.books import Account, Order, Position
from tests.double.mt4 import Mt4
from tests.double.mt5 import Mt5
from tests.double.mt5_house import CANCELLED_ORDER, EXPIRED, OUT, STOP_LOSS, STOP_OUT, TAKE_PROFIT

SIZES: Final = ("0.01", "0.10", "0.37", "0.50", "1.00", "2.55")
TRADED: Final = ("EURUSD", "EURUSD.", "EURUSDm", "GBPUSD", "USDJPY", "EURGBP", "XAUUSD.swd", "#AAPL")
PENDING: Final = ("buy limit", "sell limit", "buy stop", "sell stop")
LEDGER: Final = (2, 2, 2, 3, 4, 5, 6, 7, 8, 12, 15, 17, 18, 19, 20)
Server = Mt4 | Mt5


class Player:
    """Acts on a server; `rare` are things that the house does seldom and an importer finds hard."""

    def __init__(self, broker: Server, *, rare: bool = True) -> None:
        self.broker, self.random = broker, broker.random
        common: tuple[Callable[[Account], Any], ...] = (
            self.open,
            self.open,
            self.open,
            self.close,
            self.close,
            self.part,
            self.close_by,
            self.place,
            self.settle_order,
            self.protect,
            self.pay,
            self.night,
        )
        hard = (self.edit, self.remove, self.cancel, self.move, self.reopen, self.renew, self.hand_over)
        self.actions = common * 3 + hard if rare else common

    def begin(self, accounts: int = 6) -> None:
        """Open some accounts, in every group, and pay something in."""
        groups = list(self.broker.groups)
        for place in range(accounts):
            account = self.broker.account(groups[place % len(groups)], agent=self.random.choice((0, 77)))
            self.broker.deposit(account, "100000")
            self.tick()

    def tick(self) -> None:
        """Let a little time pass."""
        self.broker.wait(milliseconds=self.random.choice((0, 0, 3, 250, 1700, 61_000)))

    def act(self, times: int = 1) -> None:
        """Let something happen, so many times."""
        for _ in range(times):
            account = self.random.choice([each for each in self.broker.accounts.values() if not each.deleted])
            self.broker.walk([self.random.choice(TRADED)])
            self.random.choice(self.actions)(account)
            self.tick()

    def held(self, account: Account) -> Position | None:
        """Return one of the open positions."""
        return self.random.choice(account.positions()) if account.positions() else None

    def open(self, account: Account) -> None:
        """Buy or sell."""
        symbol, side, lots = (self.random.choice(each) for each in (TRADED, ("buy", "sell"), SIZES))
        self.broker.open(account, symbol, side, lots)

    def close(self, account: Account) -> None:
        """Close a position, by the client's will or not."""
        if held := self.held(account):
            self.broker.close(account, held, reason=self.random.choice((0, STOP_LOSS, TAKE_PROFIT, STOP_OUT)))

    def part(self, account: Account) -> None:
        """Close a part of a position."""
        if (held := self.held(account)) and held.lots > Decimal("0.01"):
            hundredths = self.random.randrange(1, int(held.lots * 100))
            self.broker.close(account, held, Decimal(hundredths).scaleb(-2))

    def close_by(self, account: Account) -> None:
        """Close two positions by each other."""
        held = self.held(account)
        for other in account.positions():
            if held and held.symbol == other.symbol and held.side != other.side:
                self.broker.close_by(account, held, other)
                return

    def place(self, account: Account) -> None:
        """Place an order."""
        symbol = self.random.choice(TRADED)
        price = self.broker.prices[symbol] + Decimal(self.random.randint(-50, 50)).scaleb(-2)
        self.broker.place(account, symbol, self.random.choice(PENDING), self.random.choice(SIZES), str(price))

    def settle_order(self, account: Account) -> None:
        """Change, fill, cancel or expire an order."""
        if not account.working():
            return
        order = self.random.choice(account.working())
        self.random.choice((self.broker.fill, self.alter, self.drop))(account, order)

    def alter(self, account: Account, order: Order) -> None:
        """Give an order another price."""
        self.broker.change(account, order, order.price + Decimal("0.01"))

    def drop(self, account: Account, order: Order) -> None:
        """Cancel an order, or let it expire."""
        if isinstance(self.broker, Mt5):
            self.broker.drop(account, order, self.random.choice((CANCELLED_ORDER, EXPIRED)))
        else:
            self.broker.drop(account, order, self.random.choice(("cancelled", "expired")))

    def protect(self, account: Account) -> None:
        """Set stops."""
        if held := self.held(account):
            price = held.symbol.rounded(held.price)
            self.broker.protect(account, held, str(price - 1), str(price + 1))

    def pay(self, account: Account) -> None:
        """Move money."""
        whole = account.group.digits == 0
        amount = Decimal(self.random.randint(-99_999, 99_999)).scaleb(0 if whole else -2)
        self.broker.book(account, self.random.choice(LEDGER if isinstance(self.broker, Mt5) else (6, 6, 7)), amount)

    def night(self, account: Account) -> None:
        """Charge a night, and begin a day."""
        del account
        self.broker.rollover()
        self.broker.now += timedelta(hours=self.random.choice((1, 7)))
        self.broker.open_account_rows()
        self.broker.walk()  # a market whose prices are whole hours old would be one of another clock

    def closing(self, account: Account) -> int | None:
        """Return one of the closings of what is no more open."""
        there = {each.id for each in account.positions()}
        found = [key for key, each in account.books.closings.items() if each.position not in there and each.lots]
        return self.random.choice(found) if found else None

    def edit(self, account: Account) -> None:
        """Let a manager correct a closing."""
        if ticket := self.closing(account):
            self.broker.edit(account, ticket, str(self.random.randint(-500, 500)), silent=self.random.random() < 0.3)

    def remove(self, account: Account) -> None:
        """Let a manager delete a movement."""
        if account.books.movements:
            self.broker.remove(account, self.random.choice(list(account.books.movements)))

    def hand_over(self, account: Account) -> None:
        """Let a manager give a movement to whom it belongs."""
        others = [each for each in self.broker.accounts.values() if each.group == account.group and not each.deleted]
        other = self.random.choice(others)
        if account.books.movements and other is not account:
            self.broker.hand_over(account, other, self.random.choice(list(account.books.movements)))

    def cancel(self, account: Account) -> None:
        """Call off a closing."""
        deal = self.closing(account)
        if isinstance(self.broker, Mt5) and deal and self.broker.rows["mt5_deals"][deal]["Entry"] == OUT:
            self.broker.cancel(account, deal)

    def move(self, account: Account) -> None:
        """Move an account to another group."""
        if account.group.name.endswith(("usd", "standard")) and account.group.followed:
            self.broker.move(account, "vip", agent=self.random.choice((0, 77, 78)))

    def reopen(self, account: Account) -> None:
        """Close and open a position on paper."""
        if isinstance(self.broker, Mt5) and (held := self.held(account)):
            self.broker.reopen(account, held)

    def renew(self, account: Account) -> None:
        """Delete an account that holds nothing, and give its number to somebody else."""
        if account.positions() or account.working():
            return
        self.broker.delete(account)
        self.broker.wait(days=1)
        group = next(key for key, each in self.broker.groups.items() if each == account.group)
        self.broker.deposit(self.broker.account(group, account.number, name="Another"), "500")
