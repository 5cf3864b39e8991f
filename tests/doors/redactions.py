"""Accounts with something to hide, and what changes of them when only hidden things do."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import httpx
from hypothesis import strategies as st
from msgspec import Struct, structs

from opencabinet import access, accounts, ledger, trades
from opencabinet.access import Hidden, Level, Policy, Redaction, Rule
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.kernel.ids import Login, Ticket
from opencabinet.ledger import Movement
from opencabinet.trades import Order
from tests import make
from tests.doors.watching import uncounted

NOW: Final = make.NOW
MINUTE: Final = timedelta(minutes=1)
DELAYS: Final = (0, 30, 600)
SECRET: Final = "a word nobody should read"
METAL: Final = "XAUUSD"
LOTS: Final = Decimal("0.73911")
PROFIT: Final = Decimal("61.8247")
MONEY: Final = {
    "accounts": ("balance", "credit", "equity", "margin", "floating"),
    "closed_trades": ("profit", "swap", "commission", "fee"),
    "open_trades": ("profit", "swap", "commission", "fee"),
    "movements": ("amount",),
}
LOTTED: Final = {"closed_trades": ("lots",), "open_trades": ("lots",), "orders": ("lots", "filled_lots")}
COMMENTED: Final = {
    "closed_trades": ("comment",),
    "open_trades": ("comment",),
    "orders": ("comment", "reason"),
    "movements": ("comment",),
}

redactions = st.builds(
    Redaction,
    hide=st.frozensets(st.sampled_from(Hidden)),
    delay_minutes=st.sampled_from(DELAYS),
    closed_only=st.booleans(),
    without_symbols=st.sampled_from([frozenset(), frozenset({"xauusd"}), frozenset({METAL, "NOTHING"})]),
)


class Row(Struct, frozen=True):
    """Something that happened: so many minutes ago, of a symbol."""

    kind: str
    age: int
    symbol: str


kinds = st.sampled_from(["closed", "closed", "open", "order", "money", "credit"])
ages = st.sampled_from([1, 29, 30, 31, 599, 600, 601, 3000, 90_000])
rows = st.builds(Row, kinds, ages, st.sampled_from(["EURUSD", "eurusd", METAL, "XauUsd"]))
OLD: Final = [Row(kind, 3000, symbol) for kind in ("closed", "open", "order", "credit") for symbol in ("EURUSD", METAL)]
histories = st.lists(rows, max_size=6).map(lambda more: [*OLD, *more])


async def opened(conn: Connection, login: Login, redaction: Redaction) -> None:
    """Open an account, with something left out."""
    await access.set_policy(conn, login, Policy(default=Rule(level=Level.OPEN, redaction=redaction)))


async def told(conn: Connection, history: list[Row], **given: Any) -> Account:
    """Keep an account whose balance its rows explain."""
    made = await make.account(conn, balance=Decimal(0), equity=Decimal(0), **given)
    await happened(conn, made, Row("money", 100_000, ""))
    for row in history:
        made = await happened(conn, made, row)
    return made


async def happened(conn: Connection, account: Account, row: Row) -> Account:
    """Keep something that happened, and the report that told of it."""
    at, login = NOW - row.age * MINUTE, account.login
    known = await accounts.existing(conn, login)
    balance, credit, floating = known.balance, known.credit, known.floating or Decimal(0)
    if row.kind == "closed":
        # A young one was opened within every delay: else it would have been known to be open.
        times = {"opened_at": at - (45 if row.age >= min(filter(None, DELAYS)) else 1) * MINUTE, "closed_at": at}
        profit = -PROFIT / 2 if row.symbol.upper() == METAL else PROFIT
        shared = {"lots": LOTS, "profit": profit, "comment": SECRET, "swap": Decimal(0)}
        await make.closed_trade(conn, login, symbol=row.symbol, **shared, **times)
        balance += profit
    elif row.kind == "open":
        shared = {"lots": LOTS, "profit": PROFIT, "comment": SECRET, "swap": Decimal(0)}
        await make.open_trade(conn, login, symbol=row.symbol, opened_at=at, **shared)
        floating += PROFIT
    elif row.kind == "order":
        await trades.save_orders(conn, [order(login, at, row.symbol)])
    else:
        kind = "balance" if row.kind == "money" else "credit"
        await ledger.save(conn, [moved(login, at, kind)])
        balance, credit = (balance + 1000, credit) if kind == "balance" else (balance, credit + 1000)
    reported = structs.replace(
        known,
        balance=balance,
        credit=credit,
        floating=floating,
        equity=balance + credit + floating,
        margin=max(floating, Decimal(0)),
        as_of=max(known.as_of, at),
    )
    await accounts.save(conn, reported)
    return reported


def order(login: Login, at: datetime, symbol: str, waited: int = 10) -> Order:
    """Make an order that ended so many minutes after it was placed."""
    return Order(
        login=login,
        ticket=Ticket(next(make.tickets)),
        symbol=symbol,
        type="buy limit",
        lots=LOTS,
        filled_lots=LOTS,
        contract_size=None,
        price=Decimal("1.1"),
        stop_loss=None,
        take_profit=None,
        state="filled",
        reason=SECRET,
        placed_at=at - waited * MINUTE,
        placed_offset=120,
        done_at=at,
        done_offset=120,
        comment=SECRET,
    )


def moved(login: Login, at: datetime, kind: str) -> Movement:
    """Make a movement of 1000."""
    number = Ticket(next(make.tickets))
    return Movement(
        login=login, ticket=number, kind=kind, amount=Decimal(1000), moved_at=at, moved_offset=120, comment=SECRET
    )


async def change_hidden(conn: Connection, account: Account, redaction: Redaction) -> None:
    """Change all that is left out, and nothing that is seen."""
    login = account.login
    if Hidden.COMMENTS in redaction.hide:
        await rewrite(conn, login, COMMENTED, "{} || ' changed'")
    if Hidden.VOLUMES in redaction.hide:
        await rewrite(conn, login, LOTTED, "{} * 3")
    if Hidden.MONEY in redaction.hide:
        # A power of two: measured figures stay the same to the last bit.
        await rewrite(conn, login, MONEY, "{} * 4")
    if redaction.delay_minutes:
        for kind in ("closed", "open", "order", "money", "credit"):
            await happened(conn, account, Row(kind, 3, "EURUSD"))
        await trades.save_orders(conn, [order(login, NOW - 3 * MINUTE, "EURUSD", waited=2 * redaction.delay_minutes)])
        await conn.run(MANAGED, login=login)
        await close_one(conn, login, redaction.delay_minutes)
    if redaction.without_symbols:
        for kind in ("closed", "open", "order"):
            await happened(conn, account, Row(kind, 4000, METAL))
    if redaction.closed_only:
        for kind in ("open", "order"):
            await happened(conn, account, Row(kind, 4000, "EURUSD"))


async def rewrite(conn: Connection, login: Login, tables: dict[str, tuple[str, ...]], becomes: str) -> None:
    """Change columns of an account."""
    for table, columns in tables.items():
        changes = ", ".join(f"{column} = {becomes.format(column)}" for column in columns)
        await conn.execute(f"UPDATE {table} SET {changes} WHERE login = {login}")  # noqa: S608 - names of ours


async def close_one(conn: Connection, login: Login, minutes: int) -> None:
    """Close an open trade just now, if one was open when a delay began."""
    then = NOW - minutes * MINUTE
    found = await conn.fetch(trades.OpenTrade, OPEN_THEN, login=login, then=then)
    for row in found:
        await conn.run(GONE, login=login, position=row.position)
        shared = {name: getattr(row, name) for name in ("position", "symbol", "side", "lots", "opened_at")}
        told = {"ticket": Ticket(row.position), "closed_at": NOW - MINUTE, "profit": Decimal(0), "swap": Decimal(0)}
        await make.closed_trade(conn, login, comment="[sl]", **shared, **told)


OPEN_THEN: Final = """
SELECT * FROM open_trades WHERE login = %(login)s AND opened_at < %(then)s ORDER BY opened_at LIMIT 1
"""
MANAGED: Final = """
UPDATE open_trades SET current_price = 9, stop_loss = 8, take_profit = 7, swap = 6, profit = 5 WHERE login = %(login)s
"""
GONE: Final = "DELETE FROM open_trades WHERE login = %(login)s AND position = %(position)s"


YOUNG: Final = Redaction(delay_minutes=30)
EVERYTHING: Final = Row("closed", 700, "EURUSD")
Answer = tuple[int, bytes, dict[str, str]]


def seen(answer: httpx.Response) -> Answer:
    """Return all that an answer tells; the request's id is new each time."""
    headers = {name: value for name, value in uncounted(answer.headers).items() if name != "x-request-id"}
    return answer.status_code, answer.content, headers
