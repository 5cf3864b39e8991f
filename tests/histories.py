"""Histories of trading as they could be: equal times, clocks that change, costs, credit, and what is unknown."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final, Literal

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from msgspec import Struct, structs

from opencabinet import accounts, ledger, trades
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.kernel.clock import Moment, clock
from opencabinet.kernel.ids import Granted, Login, Ticket
from opencabinet.kernel.period import EVER, Period
from opencabinet.ledger import CREDIT, Movement
from opencabinet.trades import ClosedTrade, Deal
from tests import make

SECOND: Final = timedelta(seconds=1)
MICRO: Final = timedelta(microseconds=1)
WALLS: Final = [
    datetime(*wall)  # noqa: DTZ001 - a server's wall clock
    for wall in (
        *((2025, 12, 31, 12), (2025, 12, 31, 23, 59, 59), (2026, 1, 1), (2026, 1, 1, 9), (2026, 1, 1, 15)),
        *((2026, 3, 8, 9, 59), (2026, 3, 8, 10, 1), (2026, 3, 8, 23, 59, 59), (2026, 3, 9)),
    )
]
"""Times within a few days, near the ends of days, months and years, and of summer time in New York."""
RULES: Final = ("UTC", "UTC", "UTC", "NewYork+7", "NewYork+7", "-11:00", "+14:00")
money = st.decimals(-500, 500, places=2) | st.sampled_from([Decimal(0), Decimal("0.00000001"), Decimal("-99999999.99")])
few: Final = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


class Stamp(Struct, frozen=True, order=True):
    """A moment, with the minutes the server's clock was ahead."""

    at: datetime
    offset: int

    @property
    def day(self) -> date:
        """The server's day."""
        return (self.at + timedelta(minutes=self.offset)).date()


class History(Struct, frozen=True):
    """What happened to an account whose login is not known yet."""

    closed: list[ClosedTrade]
    deals: list[Deal]
    moved: list[Movement]
    unexplained: Decimal


@st.composite
def stamps(draw: st.DrawFn) -> Stamp:
    """Give a moment; many coincide."""
    moment = clock(draw(st.sampled_from(RULES))).moment(draw(st.sampled_from(WALLS)))
    apart = draw(st.sampled_from([timedelta(0)] * 6 + [SECOND, MICRO, -MICRO]))
    return Stamp(moment.at + apart, moment.offset)


@st.composite
def closings(draw: st.DrawFn, ticket: int) -> ClosedTrade:
    """Give a closed trade."""
    opened, closed = sorted((draw(stamps()), draw(stamps())))
    return ClosedTrade(
        **make.SHARED
        | dict(zip(("profit", "swap", "commission", "fee"), draw(st.tuples(money, money, money, money)), strict=True))
        | {"opened_at": opened.at, "opened_offset": opened.offset}
        | {"symbol": draw(st.sampled_from(["EURUSD", "eurusd", "XAUUSD"])), "lots": draw(st.sampled_from(LOTS))},
        login=Login(1),
        ticket=Ticket(ticket),
        position=ticket,
        closed_at=closed.at,
        closed_offset=closed.offset,
        close_price=Decimal(1),
    )


Direction = Literal["in", "out", "in/out", "out by", ""]
DIRECTIONS: Final[tuple[Direction, ...]] = ("in", "in", "out", "in/out", "")
LOTS: Final = [Decimal("0.01"), Decimal("0.5"), Decimal(3)]
SIZES: Final = [None, Decimal(100_000), Decimal(10_000)]


@st.composite
def sized(draw: st.DrawFn, ticket: int) -> ClosedTrade:
    """Give a closed trade of any contract size."""
    return structs.replace(draw(closings(ticket)), contract_size=draw(st.sampled_from(SIZES)))


@st.composite
def dealt(draw: st.DrawFn, number: int) -> Deal:
    """Give a deal: those that open a trade cost money, others are told elsewhere."""
    when = draw(stamps())
    direction: Direction = draw(st.sampled_from(DIRECTIONS))
    return Deal(
        login=Login(1),
        deal=number,
        order_ticket=None,
        position=None,
        symbol="EURUSD",
        type=draw(st.sampled_from(["buy", "sell"])) if direction else "balance",
        direction=direction,
        lots=Decimal(1),
        contract_size=None,
        price=None,
        dealt_at=when.at,
        dealt_offset=when.offset,
        commission=draw(money),
        fee=draw(money),
        swap=Decimal(0),
        profit=Decimal(0),
        balance=None,
        comment="",
    )


@st.composite
def moves(draw: st.DrawFn, number: int) -> Movement:
    """Give a movement of money or credit."""
    when = draw(stamps())
    return Movement(
        login=Login(1),
        ticket=Ticket(number),
        kind=draw(st.sampled_from(["balance", "balance", "credit", "bonus", "charge"])),
        amount=draw(money),
        moved_at=when.at,
        moved_offset=when.offset,
        comment="",
    )


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Give a history: of MetaTrader 4, or with the deals of MetaTrader 5; numbers of all kinds may coincide."""
    many = st.integers(0, 12)
    return History(
        closed=[draw(sized(number)) for number in range(1, 1 + draw(many))],
        deals=[draw(dealt(number)) for number in range(1, 1 + draw(st.integers(0, 5)))],
        moved=[draw(moves(number)) for number in range(1, 1 + draw(many))],
        unexplained=draw(st.sampled_from([Decimal(0), Decimal(100), Decimal("-0.01")])),
    )


@asynccontextmanager
async def kept(conn: Connection, told: History) -> AsyncIterator["Kept"]:
    """Keep a history while a test looks at it."""
    async with conn.transaction(force_rollback=True):
        account = await make.account(conn, platform="mt5" if told.deals else "mt4", mode=None)
        login = account.login
        own = {name: [structs.replace(row, login=login) for row in rows] for name, rows in named(told)}
        await trades.save_closed(conn, own["closed"])
        await trades.save_deals(conn, own["deals"])
        await ledger.save(conn, own["moved"])
        whole = Kept(login=Granted(login), **own, account=account)
        balance = whole.before(None) + told.unexplained
        results = await trades.results(conn, login)
        since = Moment(datetime(2025, 1, 1, tzinfo=UTC), 0)
        found = await ledger.reconcile(conn, login, balance=balance, results=results, since=since)
        known = structs.replace(account, balance=balance, complete=found.complete)
        await accounts.save(conn, known)
        opening = await conn.fetch(Movement, OPENING, login=login)
        yield structs.replace(whole, account=known, moved=[*whole.moved, *opening])


OPENING: Final = "SELECT * FROM movements WHERE login = %(login)s AND ticket = -1"


def named(told: History) -> list[tuple[str, list[Any]]]:
    """Return the rows of a history by kind."""
    return [("closed", told.closed), ("deals", told.deals), ("moved", told.moved)]


class Kept(Struct, frozen=True, kw_only=True):
    """A history that is kept, and a second opinion on its sums, made by going through its rows."""

    login: Granted
    closed: list[ClosedTrade]
    deals: list[Deal]
    moved: list[Movement]
    account: Account

    def results(self, period: Period) -> Decimal:
        """Return what trades that closed within a period brought."""
        return total(net(row) for row in self.closed if period.holds(row.closed_at))

    def costs(self, period: Period) -> Decimal:
        """Return what opening deals cost within a period."""
        return total(net(row) for row in self.deals if row.direction == "in" and period.holds(row.dealt_at))

    def movements(self, period: Period) -> Decimal:
        """Return what moved the balance within a period."""
        own = (row for row in self.moved if row.kind not in CREDIT)
        return total(row.amount for row in own if period.holds(row.moved_at))

    def before(self, moment: datetime | None) -> Decimal:
        """Return the balance right before a moment, or the newest."""
        period = Period(datetime(1900, 1, 1, tzinfo=UTC), moment or datetime(9999, 1, 1, tzinfo=UTC))
        return self.results(period) + self.costs(period) + self.movements(period)


def net(row: ClosedTrade | Deal) -> Decimal:
    """Return what a row did to the balance."""
    return row.profit + row.swap + row.commission + row.fee


def total(amounts: Any) -> Decimal:
    """Add up."""
    return sum(amounts, Decimal(0))


@st.composite
def periods(draw: st.DrawFn, moments: Sequence[datetime] = ()) -> Period:
    """Give a period whose ends lie on, right before or right after what happened, or could have."""
    any_time = stamps().map(lambda stamp: stamp.at)
    one = st.sampled_from(moments) if moments else any_time
    since, until = sorted(draw(one) + draw(st.sampled_from([0, 0, 1, -1])) * MICRO for _ in range(2))
    return Period(since, until)


@st.composite
def parts(draw: st.DrawFn) -> tuple[History, Period]:
    """Give a history and a period of it: all there is, or from one thing that happened to another."""
    told = draw(histories())
    moments = [*(row.closed_at for row in told.closed), *(row.moved_at for row in told.moved)]
    return told, draw(periods(moments) | periods() | st.just(EVER))
