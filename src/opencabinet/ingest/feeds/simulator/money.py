"""Money that comes and goes: deposits, withdrawals, bonuses, rebates, swaps, and stop-outs."""

from collections.abc import Mapping
from decimal import Decimal
from random import Random
from typing import Final, Literal

from opencabinet.ingest.feeds.simulator.books import STOP_OUT, Book
from opencabinet.ingest.feeds.simulator.holdings import NOTHING

HUNDREDTH: Final = Decimal("0.01")
REBATE: Final = Decimal("1.5")
"""What a partner gets in dollars for each lot that somebody they brought closes."""
RICH: Final = Decimal("1.6")
POOR: Final = Decimal("0.3")
"""The parts of what was deposited at which people take money, or bring more."""
Plan = Literal["deposit", "withdraw", "release"]


def move(book: Book, kind: str, at: int, chance: Random) -> None:
    """Let money come or go."""
    if kind in {"join", "deposit"}:
        deposit(book, book.person.deposit, at, "Deposit, bank transfer" if kind == "join" else "Deposit, card")
    if kind == "join" and book.person.bonus:
        part, lots = book.person.bonus
        amount = (book.person.deposit * part).quantize(Decimal(1))
        book.move("credit", amount, at + 1, f"Welcome bonus, {lots} lots to trade")
        book.owed = amount, lots
    if kind == "withdraw" and not book.holdings:
        step = book.person.deposit * HUNDREDTH
        amount = (book.balance - book.deposited) * Decimal(chance.randint(40, 90)) / 100 // step * step
        if amount > 0:
            book.move("balance", -amount, at, "Withdrawal, bank transfer")
    if kind == "release" and book.owed:
        amount, lots = book.owed
        book.move("credit", -amount, at, "Bonus released")
        book.move("balance", amount, at, f"Bonus released after {lots} lots")
        book.owed = None


def deposit(book: Book, amount: Decimal, at: int, comment: str) -> None:
    """Bring money."""
    book.deposited += amount
    book.move("balance", amount, at, comment)


def plan(book: Book, at: int, chance: Random) -> Plan | None:
    """Return what an account's owner will do with their money on a new day."""
    if not book.deposited:
        return None
    if book.owed and book.closed_lots >= book.owed[1]:
        return "release"
    equity = book.equity(at)
    if equity < book.person.deposit * POOR and not book.holdings:
        return "deposit"
    if equity > book.deposited * RICH:
        return "withdraw"
    return "deposit" if chance.random() < 0.002 else None  # noqa: PLR2004 - once a year


def roll(books: Mapping[int, Book], weekday: int, at: int, *, triple: bool = False) -> None:
    """Book the swaps of a day that ended, the triple of each for once."""
    for book in books.values():
        for one in book.holdings.values():
            if nights := 3 if triple else one.symbol.nights(weekday):
                book.roll(one, nights, at)


def rebate(books: Mapping[int, Book], at: int) -> None:
    """Give partners what those they brought closed on the day that ended."""
    for book in books.values():
        lots, book.lots_today = book.lots_today, NOTHING
        agent = books.get(book.person.agent or 0)
        if agent is not None and (amount := agent.money(lots * REBATE, "USD", at)):
            agent.move("agent daily", amount, at, f"Rebate #{book.person.number}")


def stop_out(book: Book, at: int) -> None:
    """Close what loses most until the margin level is high enough again; a debt that is left is forgiven."""
    while (level := book.level(at)) is not None and level < STOP_OUT:
        held = [one for one in book.holdings.values() if book.prices.open(one.symbol, at)]
        if not held:
            return
        worst = min(held, key=lambda one: book.profit(one, one.lots, book.leaving(one, at), at))
        said = f"so: {level:.1f}%/{book.equity(at)}/{book.margin(at)}"
        book.close(worst, at, reason="so", comment=said)
    if book.balance < 0 and not book.holdings:
        if book.credit > 0:
            taken = min(book.credit, -book.balance)
            book.move("credit", -taken, at, "Bonus taken for losses")
            book.move("balance", taken, at, "Bonus taken for losses")
            book.owed = None
        if book.balance < 0:
            book.move("so compensation", -book.balance, at, "Negative balance protection")
