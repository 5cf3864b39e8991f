"""Pages of every list: no row that was there all the time is lost or given twice while others come, change and go."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, LiteralString

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from opencabinet import ledger, trades
from opencabinet.db import Connection
from opencabinet.kernel.ids import Granted, Ticket
from opencabinet.kernel.page import NEWEST, Key, Page
from opencabinet.kernel.period import EVER
from opencabinet.ledger import Movement
from opencabinet.trades import Order, Wanted
from tests import make
from tests.histories import MICRO, Stamp, few, stamps

Reader = Callable[[Connection, Granted, Key, int], Awaitable[Page[Any]]]
Keeper = Callable[[Connection, Granted, int, Stamp, str], Awaitable[object]]


class List(Struct, frozen=True, kw_only=True):
    """A list: how a page of it is read, how a row of it is kept, and where it is kept."""

    read: Reader
    keep: Keeper
    table: str
    number: str


async def keep_closed(conn: Connection, login: Granted, number: int, when: Stamp, comment: str) -> object:
    given = {"closed_at": when.at, "closed_offset": when.offset, "opened_at": when.at, "comment": comment}
    return await make.closed_trade(conn, login, ticket=Ticket(number), position=number, **given)


async def keep_open(conn: Connection, login: Granted, number: int, when: Stamp, comment: str) -> object:
    return await make.open_trade(conn, login, position=number, opened_at=when.at, comment=comment)


async def keep_order(conn: Connection, login: Granted, number: int, when: Stamp, comment: str) -> object:
    order = Order(
        login=login,
        ticket=Ticket(number),
        symbol="EURUSD",
        type="buy limit",
        lots=Decimal(1),
        filled_lots=Decimal(0),
        contract_size=None,
        price=None,
        stop_loss=None,
        take_profit=None,
        state="working",
        reason="",
        placed_at=when.at,
        placed_offset=when.offset,
        done_at=None,
        done_offset=None,
        comment=comment,
    )
    return await trades.save_orders(conn, [order])


async def keep_movement(conn: Connection, login: Granted, number: int, when: Stamp, comment: str) -> object:
    moved = Movement(
        login=login,
        ticket=Ticket(number),
        kind="balance",
        amount=Decimal(1),
        moved_at=when.at,
        moved_offset=when.offset,
        comment=comment,
    )
    return await ledger.save(conn, [moved])


async def read_closed(conn: Connection, login: Granted, below: Key, limit: int) -> Page[Any]:
    return await trades.closed(conn, login, Wanted(below=below, limit=limit))


async def read_by_opening(conn: Connection, login: Granted, below: Key, limit: int) -> Page[Any]:
    return await trades.closed(conn, login, Wanted(below=below, limit=limit, time_field="open"))


async def read_open(conn: Connection, login: Granted, below: Key, limit: int) -> Page[Any]:
    return await trades.opened(conn, login, Wanted(below=below, limit=limit))


async def read_orders(conn: Connection, login: Granted, below: Key, limit: int) -> Page[Any]:
    return await trades.orders(conn, login, Wanted(below=below, limit=limit))


async def read_movements(conn: Connection, login: Granted, below: Key, limit: int) -> Page[Any]:
    return await ledger.movements(conn, login, EVER, below=below, limit=limit)


LISTS: Final = {
    "closed": List(read=read_closed, keep=keep_closed, table="closed_trades", number="ticket"),
    "closed by opening": List(read=read_by_opening, keep=keep_closed, table="closed_trades", number="ticket"),
    "open": List(read=read_open, keep=keep_open, table="open_trades", number="position"),
    "orders": List(read=read_orders, keep=keep_order, table="orders", number="ticket"),
    "movements": List(read=read_movements, keep=keep_movement, table="movements", number="ticket"),
}
CORRECTED: Final[dict[str, LiteralString]] = {
    "closed_trades": "UPDATE closed_trades SET comment = 'corrected' WHERE login = %s AND ticket = %s",
    "open_trades": "UPDATE open_trades SET comment = 'corrected' WHERE login = %s AND position = %s",
    "orders": "UPDATE orders SET comment = 'corrected' WHERE login = %s AND ticket = %s",
    "movements": "UPDATE movements SET comment = 'corrected' WHERE login = %s AND ticket = %s",
}
DROPPED: Final[dict[str, LiteralString]] = {
    "closed_trades": "DELETE FROM closed_trades WHERE login = %s AND ticket = %s",
    "open_trades": "DELETE FROM open_trades WHERE login = %s AND position = %s",
    "orders": "DELETE FROM orders WHERE login = %s AND ticket = %s",
    "movements": "DELETE FROM movements WHERE login = %s AND ticket = %s",
}
FIRST: Final = st.dictionaries(st.integers(1, 12), stamps(), max_size=10)
CHANGES: Final = st.lists(
    st.tuples(st.sampled_from(["keep", "correct", "drop"]), st.integers(1, 24), stamps()), max_size=3
)


async def change(conn: Connection, listed: List, login: Granted, what: str, number: int, when: Stamp) -> None:
    """Let a row come, be corrected where it stands, or go."""
    if what == "keep":
        await listed.keep(conn, login, number, when, "")
    else:
        await conn.execute(CORRECTED[listed.table] if what == "correct" else DROPPED[listed.table], [login, number])


@pytest.mark.parametrize("name", LISTS)
@given(first=FIRST, changes=st.lists(CHANGES, max_size=6), limit=st.integers(1, 4))
@few
async def test_rows_that_stay_are_given_once_while_others_come_and_go(
    conn: Connection, name: str, first: dict[int, Stamp], changes: list[Any], limit: int
) -> None:
    listed = LISTS[name]
    async with conn.transaction(force_rollback=True):
        login = Granted((await make.account(conn)).login)
        for number, when in first.items():
            await listed.keep(conn, login, number, when, "")
        known = {number: when.at for number, when in first.items()}
        staying = set(known)
        found: list[Key] = []
        below: Key | None = NEWEST
        steps = iter(changes)
        while below is not None:
            page = await listed.read(conn, login, below, limit)
            keys = [Key(at_of(row), number_of(row, listed)) for row in page.rows]
            assert all(key < below for key in keys), "Nothing from before the cursor comes again."
            assert [key.id for key in keys if known.get(key.id) != key.at] == [], "A row is given as it stands now."
            found += keys
            below = page.next
            for what, number, when in next(steps, []):
                await change(conn, listed, login, what, number, when)
                if what == "drop" or (what == "keep" and known.get(number) != when.at):
                    staying.discard(number)
                if what == "keep":
                    known[number] = when.at
                if what == "drop":
                    known.pop(number, None)

    assert found == sorted(found, reverse=True)
    assert sorted(key.id for key in found if key.id in staying) == sorted(staying)


def at_of(row: Any) -> datetime:
    """Return when a row stands in its list."""
    names = ("closed_at", "moved_at", "placed_at", "opened_at")
    found: datetime = next(getattr(row, name) for name in names if hasattr(row, name))
    return found


def number_of(row: Any, listed: List) -> int:
    """Return the number of a row."""
    number: int = getattr(row, listed.number)
    return number


@pytest.mark.parametrize("name", LISTS)
async def test_rows_of_one_moment_are_told_apart_by_their_number(conn: Connection, name: str) -> None:
    listed, login = LISTS[name], Granted((await make.account(conn)).login)
    when = Stamp(make.NOW, 120)
    for number in (3, 1, 2, 2**62):
        await listed.keep(conn, login, number, when, "")
    await listed.keep(conn, login, 9, Stamp(make.NOW - MICRO, 120), "")

    found, below = [], NEWEST
    while True:
        page = await listed.read(conn, login, below, 1)
        found += [number_of(row, listed) for row in page.rows]
        if page.next is None:
            break
        below = page.next

    assert found == [2**62, 3, 2, 1, 9]
