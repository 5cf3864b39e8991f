"""Working out what trades come to: each new one by what held when it closed."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final, TypeVar

import structlog

from opencabinet import market
from opencabinet.db import Connection
from opencabinet.kernel.ids import Login, Ticket
from opencabinet.kernel.problem import Problem
from opencabinet.partners import plans
from opencabinet.partners.plans import Rate, Rung, Traded
from opencabinet.partners.rewards.accruing.directory import Directory, Ladder
from opencabinet.partners.rewards.accruing.model import Client, Row
from opencabinet.partners.rewards.accruing.page import Page, Tally, rungs
from opencabinet.partners.rewards.accruing.running import Running
from opencabinet.partners.rewards.rates import NoRate, Rates, Unasked, ask

TURN: Final = 16
"""Trades that are worked out before others get a turn: what is read and written meanwhile goes on."""
RECORDED: Final[Mapping[tuple[str, str], Rate]] = {}
FAILURES: Final = (ArithmeticError, LookupError, TypeError, ValueError, Problem)
"""What a single trade may fail by: it waits then, and the others are worked out."""
log = structlog.get_logger(__name__)
T = TypeVar("T")


Placed = tuple[Row, Client, Ladder]


class Books:
    """What is remembered from page to page: the programme, the clients of a batch, running figures and rates."""

    def __init__(self, directory: Directory) -> None:
        self.directory = directory
        self.clients: Mapping[Login, Client] = {}
        self.running = Running()
        self.rates = Rates()
        self.sizes: dict[tuple[str, str], Decimal | None] = {}
        """Contract sizes, by server and symbol, for trades that do not tell theirs."""

    def rungs(self, ladder: Ladder, day: date) -> tuple[Rung, ...]:
        """Return the levels of a ladder with what each had before a trade of a day."""
        return rungs(ladder, self.running.of(ladder, day))

    def tally(self, page: Page, client: Login, day: date, ladder: Ladder) -> Tally:
        """Return what adds up the trades of a client on a day."""
        key = (client, day, id(ladder))
        found = page.tallies.get(key)
        if found is None:
            found = page.tallies[key] = Tally(client, day, ladder, self.running.of(ladder, day))
        return found

    async def know_sizes(self, conn: Connection, rows: Iterable[Row]) -> None:
        """Learn the contract sizes of symbols whose trades do not tell them, as their servers have them now."""
        unknown = defaultdict[str, set[str]](set)
        for row in rows:
            server = self.clients[row.login].server
            if row.contract_size is None and server and (server, row.symbol) not in self.sizes:
                unknown[server].add(row.symbol)
        for server, symbols in unknown.items():
            known = await market.instruments(conn, server, sorted(symbols))
            for symbol in symbols:
                self.sizes[server, symbol] = known[symbol].contract_size if symbol in known else None

    def size(self, row: Row) -> Decimal | None:
        """Return the contract size of a trade, None if nobody told it."""
        if row.contract_size is not None:
            return row.contract_size
        return self.sizes.get((self.clients[row.login].server, row.symbol))

    def place(self, row: Row) -> Placed | None:
        """Find who is paid for a trade, None if nobody is."""
        client = self.clients[row.login]
        partner = client.partners.at(row.closed_at)
        return None if partner is None else (row, client, self.directory.ladder(partner, row.closed_at, client.own))


async def accrue(conn: Connection, books: Books, page: Page, rows: Iterable[Row]) -> None:
    """Work out new trades into a page; those that cannot be yet are put down as waiting."""
    placed = [found for row in rows if (found := books.place(row))]
    await books.know_sizes(conn, (row for row, _, _ in placed))
    keys = {(stage.login, row.closed_at.date()) for row, _, ladder in placed for stage in ladder}
    await books.running.read(conn, keys)
    await each(
        conn, books, page, placed, lambda it: (it[0].login, it[0].ticket), lambda it: accrue_one(books, page, *it)
    )


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
            except FAILURES as failure:
                reason = f"{type(failure).__name__}: {failure}"
                log.warning("a trade cannot be worked out", trade=key(it), reason=reason)
                page.waiting[key(it)] = "failed"
        if books.rates.missing:
            books.rates.learn(await ask(conn, list(books.rates.missing)))
        todo = again


def accrue_one(books: Books, page: Page, row: Row, client: Client, ladder: Ladder) -> None:
    """Work out a new trade."""
    closed_at = row.closed_at
    tally = books.tally(page, row.login, closed_at.date(), ladder)
    rate = books.rates.of(client.server, closed_at, RECORDED)
    page.new(tally, row, plans.worked(traded(row, client, books.size(row)), tally.rungs(), rate))


def traded(row: Row, client: Client, contract_size: Decimal | None) -> Traded:
    """Return a trade as it is paid for."""
    return Traded(
        login=row.login,
        ticket=row.ticket,
        symbol=row.symbol,
        side=row.side,
        lots=row.lots,
        contract_size=contract_size,
        digits=row.digits,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        open_price=row.open_price,
        close_price=row.close_price,
        profit=row.profit,
        commission=row.commission,
        swap=row.swap,
        fee=row.fee,
        currency=client.currency,
        group=client.groups.at(row.closed_at) or "",
        closed_by=row.closed_by,
    )
