"""The story that every feed must bring in alike, told by the tables of an export: rows as its server would write them.

What an export cannot say is that a row was deleted: it is not there any more, and the sweep finds that out.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from msgspec import structs

from opencabinet.db import Connection
from opencabinet.ingest.feeds import (
    AccountRow,
    ClosedRow,
    DealRow,
    GoneRow,
    MovementRow,
    OpenRow,
    OrderRow,
    Row,
)
from tests.double.books import NOTHING, Account, Books, Group, Order, Position
from tests.double.broker import START, UNSET, Broker
from tests.double.mt4 import CREDIT as CREDIT_COMMAND
from tests.double.mt4 import Mt4
from tests.double.mt5 import Mt5
from tests.double.mt5_house import BY, CREDIT, IN, OUT, REVERSED, STATES, STOP_LOSS
from tests.ingest.feeds.metatrader.following import Followed
from tests.ingest.feeds.steps import Step
from tests.ingest.feeds.story import STORIES

ACTIONS: Final = {"buy": 0, "sell": 1, "balance": 2, "credit": min(CREDIT)}
ENTRIES: Final = {"": IN, "in": IN, "out": OUT, "in/out": REVERSED, "out by": BY}
REASONS: Final = {"": 0, "stop loss": STOP_LOSS}
WORKING: Final = 1
STATE_CODES: Final = {"working": WORKING, **{word: code for code, word in STATES.items()}}
MOVED: Final = {"balance": CREDIT_COMMAND - 1, "credit": CREDIT_COMMAND}
DELETED_AT: Final = {"deal": "mt5_deals", "trade": "mt4_trades"}
SILENT: Final = frozenset({"the broker deletes what took credit", "the broker deletes both"})
"""What an export does not say by itself: the accounts are told at the next look, the rows gone by the next sweep."""


class Exported:
    """Says steps through the export of a double, and lets a follower look, and sweep where nothing is said."""

    def __init__(self, followed: Followed, database: str) -> None:
        self.followed, self.database = followed, database
        self.broker: Broker = followed.broker
        self.server = followed.server
        self.story: Sequence[Step] = STORIES[self.broker.platform]
        self.write = TELLERS[self.broker.platform]
        self.conn: Connection | None = None

    async def say(self, *steps: Step) -> None:
        """Let steps happen at the server, be exported together, and be read."""
        conn = await self.look(*steps)
        if any(step.name in SILENT for step in steps):
            await self.followed.follower.sweep(conn)

    async def look(self, *steps: Step) -> Connection:
        """Let steps happen, and look once."""
        if self.conn is None or self.conn.closed:
            self.conn = await Connection.open(self.database, role="opencabinet_feed")
        for step in steps:
            self.happen(step)
        await self.followed.double.flush()
        await self.followed.follower.step(self.conn)
        return self.conn

    def happen(self, step: Step) -> None:
        """Write the rows of a step; what is told completely stands alone then."""
        self.broker.now = max([self.broker.now + timedelta(seconds=1), *moments(step.rows)])
        self.broker.told_price(self.broker.symbols["EURUSD"])
        for table, key in standing(self.broker, step):
            self.broker.erase(table, key)
        for row in step.rows:
            if isinstance(row, GoneRow):
                self.broker.erase(DELETED_AT[row.family], row.key)
            else:
                self.write[type(row)](self.broker, row)

    async def close(self) -> None:
        """Hang up."""
        if self.conn:
            await self.conn.close()


def moments(rows: Iterable[Row]) -> list[datetime]:
    """Return all times that rows tell: the server is not behind them."""
    told = [value for row in rows for value in structs.asdict(row).values()]
    return [value for value in told if isinstance(value, datetime)]


def standing(broker: Broker, step: Step) -> list[tuple[str, Any]]:
    """Return what stands no more, of what a step tells completely."""
    told = {row.ticket for row in step.rows if isinstance(row, OpenRow | OrderRow | ClosedRow)}
    found: list[tuple[str, Any]] = []
    for table, row in ((table, row) for table, rows in broker.rows.items() for row in rows.items()):
        key, columns = row
        if ("open" in step.whole and is_open(table, columns)) or ("working" in step.whole and works(table, columns)):
            number = columns.get("Position") or key
            found += [(table, key)] if number not in told else []
    return found


def is_open(table: str, row: Mapping[str, Any]) -> bool:
    """Whether a row is an open trade."""
    return table == "mt5_positions" or (table == "mt4_trades" and row["CLOSE_TIME"] == UNSET and row["CMD"] in {0, 1})


def works(table: str, row: Mapping[str, Any]) -> bool:
    """Whether a row is a working order."""
    return table == "mt5_orders" or (
        table == "mt4_trades" and row["CLOSE_TIME"] == UNSET and 1 < row["CMD"] < CREDIT_COMMAND - 1
    )


def owner(number: int) -> Account:
    """Return an account for its number alone."""
    return Account(number, Group("real"), "", START)


def tell_account(broker: Broker, row: AccountRow, registered: str, users: str) -> None:
    """Write an account; its server may not tell since when it is there."""
    books = Books(balance=row.balance or NOTHING, credit=row.credit or NOTHING)
    made = Account(row.number, Group(row.group), row.name, row.registered_at or START, books=books)
    broker.accounts[row.number] = made
    broker.told_account(made)
    if row.registered_at is None:
        broker.rows[users][row.number][registered] = UNSET


def position_of(broker: Broker, row: OpenRow | ClosedRow) -> Position:
    """Return a trade as the double has it."""
    at = row.opened_at or START
    made = Position(
        row.ticket, row.ticket, broker.symbols[row.symbol], row.side, row.lots, row.open_price or NOTHING, at
    )
    made.row, made.swap, made.commission, made.comment = row.ticket, row.swap, row.commission, row.comment
    return made


def order_of(broker: Broker, row: OrderRow) -> Order:
    """Return an order as the double has it."""
    made = Order(row.ticket, broker.symbols[row.symbol], row.type, row.lots, row.price or NOTHING, row.placed_at)
    made.state, made.filled, made.done_at = row.state, row.filled_lots, row.done_at
    return made


# MetaTrader 5.


def account_of_mt5(broker: Mt5, row: AccountRow) -> None:
    """Write an account, and how its group counts positions."""
    numbers = {told["Group"]: number for number, told in broker.rows["mt5_groups"].items()}
    number = numbers.get(row.group, 1 + len(numbers))
    group = {"Group_ID": number, "Group": row.group, "Timestamp": broker.filetime(), "Company": "The House"}
    group |= {"Currency": row.currency, "CurrencyDigits": 2, "MarginMode": 2 if row.mode == "hedging" else 0}
    broker.write("mt5_groups", number, group)
    tell_account(broker, row, "Registration", "mt5_users")


def deal(broker: Mt5, row: DealRow) -> None:
    """Write a deal."""
    told: dict[str, Any] = {"Action": ACTIONS[row.type], "Entry": ENTRIES[row.direction], "Reason": REASONS[row.reason]}
    told |= {"Order": row.order or 0, "PositionID": row.position or 0, "Price": row.price or NOTHING}
    told |= {"PricePosition": row.position_price or NOTHING, "Profit": row.profit, "Storage": row.swap}
    told |= {"Commission": row.commission, "Fee": row.fee, "Symbol": broker.symbols.get(row.symbol)}
    told |= {"lots": row.lots, "closed": row.lots_closed or NOTHING} | broker.times("Time", row.dealt_at)
    broker.write("mt5_deals", row.deal, broker.deal_row(owner(row.number), row.deal, **told))


def position(broker: Mt5, row: OpenRow) -> None:
    """Write an open position."""
    broker.told_position(owner(row.number), position_of(broker, row))


def order_of_mt5(broker: Mt5, row: OrderRow) -> None:
    """Write an order among those that work, or in the history."""
    if row.ticket in broker.rows.get("mt5_orders", {}):
        broker.erase("mt5_orders", row.ticket)
    broker.told_order(owner(row.number), order_of(broker, row), STATE_CODES[row.state])


# MetaTrader 4.


def account_of_mt4(broker: Mt4, row: AccountRow) -> None:
    """Write an account."""
    tell_account(broker, row, "REGDATE", "mt4_users")


def open_trade(broker: Mt4, row: OpenRow) -> None:
    """Write an open trade."""
    broker.told_position(owner(row.number), position_of(broker, row))


def closed_trade(broker: Mt4, row: ClosedRow) -> None:
    """Write a closed trade."""
    told = broker.position_row(owner(row.number), position_of(broker, row))
    ended = {"CLOSE_TIME": broker.seconds(row.closed_at), "CLOSE_PRICE": row.close_price, "PROFIT": row.profit}
    broker.write("mt4_trades", row.ticket, told | ended)


def order_of_mt4(broker: Mt4, row: OrderRow) -> None:
    """Write an order."""
    broker.told_order(owner(row.number), order_of(broker, row))


def money(broker: Mt4, row: MovementRow) -> None:
    """Write money that moved."""
    at = broker.seconds(row.moved_at)
    told: dict[str, Any] = {"CMD": MOVED[row.kind], "VOLUME": 1, "PROFIT": row.amount, "COMMENT": row.comment}
    broker.write(
        "mt4_trades",
        row.ticket,
        broker.trade_row(owner(row.number), row.ticket, **told) | {"OPEN_TIME": at, "CLOSE_TIME": at},
    )


TELLERS: Final[dict[str, dict[type[Any], Callable[[Any, Any], None]]]] = {
    "mt5": {AccountRow: account_of_mt5, DealRow: deal, OpenRow: position, OrderRow: order_of_mt5},
    "mt4": {
        AccountRow: account_of_mt4,
        OpenRow: open_trade,
        ClosedRow: closed_trade,
        OrderRow: order_of_mt4,
        MovementRow: money,
    },
}
"""How a row is written by the export of each platform."""
