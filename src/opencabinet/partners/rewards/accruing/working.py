"""Working out what trades come to: each new one by what held when it closed."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple, TypeVar

import structlog

from opencabinet.db import Connection
from opencabinet.kernel.ids import Login, Ticket
from opencabinet.kernel.problem import Problem
from opencabinet.partners import plans
from opencabinet.partners.plans import Rate, Rung, Traded
from opencabinet.partners.rewards.accruing.directory import Directory, Ladder
from opencabinet.partners.rewards.accruing.model import Client
from opencabinet.partners.rewards.accruing.page import About, Page
from opencabinet.partners.rewards.accruing.running import Running
from opencabinet.partners.rewards.rates import NoRate, Rates, Unasked, ask

TURN: Final = 64
"""Trades that are worked out before others get a turn: what is read and written meanwhile goes on."""
RECORDED: Final[Mapping[tuple[str, str], Rate]] = {}
FAILURES: Final = (ArithmeticError, LookupError, TypeError, ValueError, Problem)
"""What a single trade may fail by: it waits then, and the others are worked out."""
log = structlog.get_logger(__name__)
T = TypeVar("T")


class Row(NamedTuple):
    """A trade as it is read, with what was known of it."""

    login: Login
    ticket: Ticket
    symbol: str
    side: str
    lots: Decimal
    contract_size: Decimal | None
    digits: int
    opened_at: datetime | None
    closed_at: datetime
    open_price: Decimal | None
    close_price: Decimal
    profit: Decimal
    commission: Decimal
    swap: Decimal
    fee: Decimal
    closed_by: Ticket | None
    figures: int
    revision: int
    known: int | None
    anew: bool


Placed = tuple[tuple[Any, ...], Client, Ladder]


class Books:
    """What is remembered from page to page: the programme, the clients of a batch, running figures and rates."""

    def __init__(self, directory: Directory) -> None:
        self.directory = directory
        self.clients: Mapping[Login, Client] = {}
        self.running = Running()
        self.rates = Rates()

    def rungs(self, ladder: Ladder, day: date) -> tuple[Rung, ...]:
        """Return the levels of a ladder with what each had before a trade of a day."""
        month, months, days = day.replace(day=1), self.running.months, self.running.days
        found = []
        for stage in ladder:
            lots, amount = months[stage.login, month]
            found.append(
                Rung(
                    login=stage.login,
                    currency=stage.currency,
                    plan=stage.plan,
                    version=stage.version,
                    month_lots=lots,
                    month_amount=amount,
                    day_amount=days[stage.login, day][0],
                )
            )
        return tuple(found)

    def place(self, row: Sequence[Any]) -> Placed | None:
        """Find who is paid for a trade, None if nobody is."""
        client = self.clients[row[0]]
        partner = client.partners.at(row[8])
        return None if partner is None else (tuple(row), client, self.directory.ladder(partner, row[8]))


async def accrue(conn: Connection, books: Books, page: Page, rows: Iterable[Sequence[Any]]) -> None:
    """Work out new trades into a page; those that cannot be yet are put down as waiting."""
    placed = [found for row in rows if (found := books.place(row))]
    keys = {(stage.login, row[8].date()) for row, _, ladder in placed for stage in ladder}
    await books.running.read(conn, keys)
    await each(conn, books, page, placed, lambda it: (it[0][0], it[0][1]), lambda it: accrue_one(books, page, *it))


async def each(
    conn: Connection,
    books: Books,
    page: Page,
    todo: Sequence[T],
    key: Callable[[T], tuple[Login, Ticket]],
    work: Callable[[T], None],
) -> None:
    """Work things out one by one; where rates are missing they are asked together, and then it is tried again."""
    while todo:
        again: list[T] = []
        for number, it in enumerate(todo):
            if number % TURN == TURN - 1:
                await asyncio.sleep(0)
            try:
                work(it)
            except Unasked:
                again.append(it)
            except NoRate:
                page.waiting[key(it)] = "rate"
            except FAILURES:
                log.exception("a trade cannot be worked out", trade=key(it))
                page.waiting[key(it)] = "failed"
        if books.rates.missing:
            books.rates.learn(await ask(conn, list(books.rates.missing)))
        todo = again


def accrue_one(books: Books, page: Page, row: tuple[Any, ...], client: Client, ladder: Ladder) -> None:
    """Work out a new trade."""
    login, ticket, closed_at, lots = row[0], row[1], row[8], row[4]
    day = closed_at.date()
    rungs = books.rungs(ladder, day)
    working = plans.worked(traded(row, client), rungs, books.rates.of(client.server, closed_at, RECORDED))
    page.keep(About(login, ticket, 1, "closed", closed_at, row[16]), working.explanation, working.lines, ladder)
    page.count(login, closed_at, lots, [(stage.login, stage.currency) for stage in ladder], 1)
    books.running.count([stage.login for stage in ladder], day, lots)
    books.running.add(working.lines, day)


def traded(row: Sequence[Any], client: Client) -> Traded:
    """Return a trade as it is paid for."""
    return Traded(
        login=row[0],
        ticket=row[1],
        symbol=row[2],
        side=row[3],
        lots=row[4],
        contract_size=row[5],
        digits=row[6],
        opened_at=row[7],
        closed_at=row[8],
        open_price=row[9],
        close_price=row[10],
        profit=row[11],
        commission=row[12],
        swap=row[13],
        fee=row[14],
        currency=client.currency,
        group=client.groups.at(row[8]) or "",
        closed_by=row[15],
    )
