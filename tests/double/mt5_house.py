"""What the house does at a MetaTrader 5 server: money that no trade brings, and what managers change afterwards."""

from decimal import Decimal
from typing import Any, ClassVar, Final

from tests.double.books import NOTHING, Account, Group, Movement, Position, rounded
from tests.double.broker import OPPOSITE, SWAP, Row
from tests.double.mt5_rows import Mt5Rows

SIDES: Final = {"buy": 0, "sell": 1}
KINDS: Final = {
    2: "balance",
    3: "credit",
    4: "charge",
    5: "correction",
    6: "bonus",
    7: "commission",
    8: "commission daily",
    9: "commission monthly",
    10: "agent daily",
    11: "agent monthly",
    12: "interest",
    15: "dividend",
    16: "franked dividend",
    17: "tax",
    18: "agent",
    19: "so compensation",
    20: "so compensation credit",
    99: "action 99",
}
CREDIT: Final = {3, 20}
IN, OUT, REVERSED, BY = range(4)
BONUS, CANCELED, EDITED = 6, 13, 2
STOP_LOSS, TAKE_PROFIT, STOP_OUT, ROLLOVER = 3, 4, 5, 6
"""Reasons of deals."""
CANCELLED_ORDER, FILLED, EXPIRED = 2, 4, 6
STATES: Final = {CANCELLED_ORDER: "cancelled", FILLED: "filled", EXPIRED: "expired"}
FEE: Final = Decimal("-0.10")


class Mt5House(Mt5Rows):
    """A server as its managers have it."""

    platform = "mt5"
    groups: ClassVar[dict[str, Group]] = {
        "usd": Group("real\\standard"),
        "vip": Group("real\\vip"),
        "eur": Group("real\\netting", "EUR", netting=True),
        "yen": Group("real\\yen", "JPY", 0),
        "cent": Group("real\\cent", "USC"),
        "demo": Group("demo\\standard", followed=False),
        "dealers": Group("managers\\dealers", followed=False),
        "coverage": Group("coverage\\bank", followed=False),
        "new": Group("preliminary", followed=False),
    }

    def __init__(self, *, fees: bool = True, bonus_is_credit: bool = True, **more: Any) -> None:
        super().__init__(**more)
        self.fees, self.bonus_is_credit = fees, bonus_is_credit
        self.begin()

    def book(self, account: Account, action: int, amount: str | Decimal, comment: str = "") -> int:
        """Move money; return the deal."""
        size = Decimal(amount)
        deal = self.deal(account, Action=action, Profit=size, Comment=comment)
        account.books.movements[deal] = Movement(KINDS[action], size, self.now, comment)
        return deal

    def deposit(self, account: Account, amount: str) -> int:
        """Pay money in."""
        return self.book(account, 2, amount, "Deposit")

    def rollover(self) -> None:
        """Charge a night on all that is open."""
        for account in self.accounts.values():
            for position in account.positions():
                position.swap += rounded(SWAP * position.lots, account.group.digits)
                self.told_position(account, position)
            self.told_account(account)

    def reopen(self, account: Account, position: Position) -> None:
        """Close and open a position on paper, which moves money but trades nothing."""
        price, lots = self.price(position.symbol, OPPOSITE[position.side]), position.lots
        profit = self.profit(account, position, lots, price)
        told = {"Symbol": position.symbol, "Price": price, "lots": lots, "PositionID": position.id, "Reason": ROLLOVER}
        self.deal(account, Action=1 - SIDES[position.side], Entry=OUT, closed=lots, Profit=profit, **told)
        self.deal(account, Action=SIDES[position.side], Entry=IN, **told)
        position.price = price
        self.told_position(account, position)

    def cancel(self, account: Account, deal: int) -> None:
        """Call off a closing: the deal stays as canceled, and its profit is undone by money of its own."""
        row = self.rows["mt5_deals"][deal]
        closing = account.books.closings.pop(deal)
        row |= {"Action": row["Action"] + CANCELED, "Profit": NOTHING, "Timestamp": self.filetime()}
        self.touch("mt5_deals", deal)
        account.books.unexplained += closing.profit
        self.deposit(account, str(-closing.profit))
        costs = closing.commission + closing.swap + closing.fee
        account.books.unexplained += costs

    def edit(self, account: Account, deal: int, profit: str, *, silent: bool = False) -> None:
        """Let a manager give a closing another profit, with a stamp or without."""
        row, closing = self.rows["mt5_deals"][deal], account.books.closings[deal]
        account.books.balance += Decimal(profit) - closing.profit
        closing.profit = row["Profit"] = Decimal(profit)
        row["ModifyFlags"] = EDITED
        if not silent:
            row["Timestamp"] = self.filetime()
        self.touch("mt5_deals", deal)
        self.told_account(account)

    def remove(self, account: Account, deal: int) -> None:
        """Delete a deal, as if it had never been; the balance is corrected."""
        row = self.rows["mt5_deals"][deal]
        self.money(account, row, -1)
        account.books.closings.pop(deal, None)
        account.books.movements.pop(deal, None)
        self.erase("mt5_deals", deal)
        self.told_account(account)

    def hand_over(self, account: Account, other: Account, deal: int) -> None:
        """Give a movement to another account, as managers do who booked it to the wrong one."""
        row = self.rows["mt5_deals"][deal]
        self.money(account, row, -1)
        self.money(other, row, 1)
        other.books.movements[deal] = account.books.movements.pop(deal)
        row |= {"Login": other.number, "Timestamp": self.filetime()}
        self.touch("mt5_deals", deal)
        self.told_account(account)
        self.told_account(other)

    def delete(self, account: Account) -> None:
        """Delete an account; its deals stay."""
        account.deleted = True
        self.erase("mt5_users", account.number)
        self.erase("mt5_accounts", account.number)

    def deal(self, account: Account, **told: Any) -> int:
        """Write a deal and move its money; return its ticket."""
        deal = self.ticket()
        row = self.deal_row(account, deal, **told)
        self.money(account, row, 1)
        self.write("mt5_deals", deal, row)
        self.told_account(account)
        return deal

    def money(self, account: Account, row: Row, sign: int) -> None:
        """Move the money of a deal."""
        amount = sign * (row["Profit"] + row["Storage"] + row["Commission"] + row["Fee"])
        if row["Action"] in CREDIT or (row["Action"] == BONUS and self.bonus_is_credit):
            account.books.credit += amount
        else:
            account.books.balance += amount
