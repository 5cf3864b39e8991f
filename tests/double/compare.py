"""What OpenCabinet holds of a server beside that server's own books: the differences, in words."""

from decimal import Decimal
from typing import Any, Final, LiteralString

from opencabinet.db import Connection
from tests.double.books import Account, Closing, Order, Position
from tests.double.broker import Broker

LOGINS = "SELECT login FROM sources WHERE server = %(server)s AND number = %(number)s ORDER BY since"
FIGURES = "SELECT balance, credit, complete FROM accounts WHERE login = %(login)s"
CLOSED = """
SELECT ticket, position, symbol, side, lots, opened_at, open_price, closed_at, close_price, profit, swap, commission,
       fee
  FROM closed_trades WHERE login = %(login)s
"""
OPENED = """
SELECT position, symbol, side, lots, opened_at, open_price, swap, coalesce(stop_loss, 0), coalesce(take_profit, 0)
  FROM open_trades WHERE login = %(login)s
"""
ORDERED = (
    "SELECT ticket, symbol, type, lots, filled_lots, state, placed_at, done_at FROM orders WHERE login = %(login)s"
)
MOVED = "SELECT ticket, kind, amount, moved_at, comment FROM movements WHERE login = %(login)s"
OPENING_ENTRY: Final = -1
MOST: Final = 10
"""Differences that are told; the rest would not be read."""
Record = tuple[Any, ...]


DAYS = """
WITH kept AS (
  SELECT login, day, symbol, contract_size, trades, lots, profit, swap, commission, fee, gross_profit, gross_loss
    FROM daily_lots
   UNION ALL
  SELECT login, day, '', 0, deals, 0, amount, 0, 0, 0, 0, 0 FROM daily_costs
), rows AS (
  SELECT login, server_day(closed_at, closed_offset), symbol, coalesce(contract_size, 0), count(*), sum(lots),
         sum(profit), sum(swap), sum(commission), sum(fee), sum(greatest(profit + swap + commission + fee, 0)),
         sum(least(profit + swap + commission + fee, 0))
    FROM closed_trades GROUP BY 1, 2, 3, 4
   UNION ALL
  SELECT login, server_day(dealt_at, dealt_offset), '', 0, count(*), 0, sum(profit + swap + commission + fee), 0, 0, 0,
         0, 0
    FROM deals WHERE cost GROUP BY 1, 2
)
SELECT left(it::text, 200) FROM ((TABLE kept EXCEPT TABLE rows) UNION ALL (TABLE rows EXCEPT TABLE kept)) AS it LIMIT 5
"""
"""Days whose roll-up is not what its rows come to."""


async def differences(conn: Connection, server: str, broker: Broker) -> list[str]:
    """Return how the records of `server` differ from the broker's books, account by account; nothing if they do not."""
    found: list[str] = []
    for number in sorted(broker.accounts):
        owners = [each for each in [*broker.former, broker.accounts[number]] if each.number == number]
        followed = [each for each in owners if each.group.followed]
        logins = await conn.values(LOGINS, server=server, number=number)
        if len(logins) > len(followed) or (followed and not logins):
            found.append(f"{number}: {len(logins)} accounts, the books have {len(followed)}")
            continue
        for login, account in zip(reversed(logins), reversed(followed), strict=False):  # the first may never be told
            found += [f"{number}: {each}" for each in await account_differs(conn, login, account, broker)]
        if len(found) >= MOST:
            break
    found += [f"a day: {each}" for each in await conn.values(DAYS)]
    return found[:MOST]


async def account_differs(conn: Connection, login: int, account: Account, broker: Broker) -> list[str]:
    """Return how one account differs."""
    books, unit, mt4 = account.books, account.group.unit, broker.platform == "mt4"
    found = [] if account.deleted else await figures_differ(conn, login, account)
    held = await rows(conn, CLOSED, login)
    told = {key: closing_row(key, each, unit, mt4=mt4) for key, each in books.closings.items()}
    found += differing("closing", {key: closed_as_held(row, told.get(key), mt4=mt4) for key, row in held.items()}, told)
    held = await rows(conn, OPENED, login)
    opened = {row[0]: row for row in (opened_row(each, unit, mt4=mt4) for each in books.positions.values())}
    found += differing("position", {key: near(row, opened.get(key), 5) for key, row in held.items()}, opened)
    found += differing("order", await rows(conn, ORDERED, login), {k: order_row(o) for k, o in books.orders.items()})
    moved = await rows(conn, MOVED, login)
    moved.pop(OPENING_ENTRY, None)
    rest = {k: (k, m.kind, m.amount * unit, m.moved_at, m.comment) for k, m in books.movements.items()}
    return found + differing("movement", moved, rest)


async def figures_differ(conn: Connection, login: int, account: Account) -> list[str]:
    """Return how balance and credit differ, and whether what no row explains is told as such."""
    books, unit = account.books, account.group.unit
    opening = (await rows(conn, MOVED, login)).get(OPENING_ENTRY)
    async with conn.cursor() as cursor:
        await cursor.execute(FIGURES, {"login": login})
        held = await cursor.fetchone()
    told = (books.balance * unit, books.credit * unit, not books.unexplained)
    found = [] if held == told else [f"balance, credit, complete: {held}, the books have {told}"]
    amount = opening[2] if opening else Decimal(0)
    if amount != books.unexplained * unit:
        found.append(f"opening entry: {amount}, the books have {books.unexplained * unit}")
    return found


async def rows(conn: Connection, statement: LiteralString, login: int) -> dict[int, Record]:
    """Return rows by their first column."""
    async with conn.cursor() as cursor:
        await cursor.execute(statement, {"login": login})
        return {row[0]: row for row in await cursor.fetchall()}


def closing_row(ticket: int, closing: Closing, unit: Decimal, *, mt4: bool) -> Record:
    """Return a closing as it should be held; how tickets of MetaTrader 4 hang together is another test's matter."""
    costs = [amount * unit for amount in (closing.profit, closing.swap, closing.commission, closing.fee)]
    position = None if mt4 else closing.position
    named = (ticket, position, closing.symbol, closing.side, closing.lots, closing.opened_at, closing.open_price)
    return (*named, closing.closed_at, closing.close_price, *costs)


def closed_as_held(row: Record, told: Record | None, *, mt4: bool) -> Record:
    """Return a held closing in the same shape."""
    return near((row[0], None if mt4 else row[1], *row[2:]), told, 6)


def opened_row(position: Position, unit: Decimal, *, mt4: bool) -> Record:
    """Return an open trade as it should be held."""
    key = position.id if mt4 else position.ticket
    named = (key, position.symbol.name, position.side, position.lots, position.opened_at, position.price)
    return (*named, position.swap * unit, position.stop_loss, position.take_profit)


def order_row(order: Order) -> Record:
    """Return an order as it should be held."""
    size = (order.lots, order.filled, order.state)
    return (order.ticket, order.symbol.name, order.type, *size, order.placed_at, order.done_at)


def near(row: Record, told: Record | None, at: int) -> Record:
    """Return `row` with the told price at `at` if its own is that rounded: averages have more places than are kept."""
    if told is None or row[at] is None:
        return row
    places = row[at].normalize().as_tuple().exponent
    return (*row[:at], told[at], *row[at + 1 :]) if told[at].quantize(Decimal(1).scaleb(places)) == row[at] else row


def differing(noun: str, held: dict[int, Record], told: dict[int, Record]) -> list[str]:
    """Return what differs between rows that are held and rows that should be."""
    keys = sorted(held.keys() | told.keys())
    return [
        f"{noun} {key}: {held.get(key)}, the books have {told.get(key)}"
        for key in keys
        if held.get(key) != told.get(key)
    ]
