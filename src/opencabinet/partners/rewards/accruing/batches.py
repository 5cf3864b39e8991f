"""Batches: what is asked is read, worked out and kept, page by page, three things at a time.

While a page is worked out, the next is read and the one before it written. Each page is one transaction; the last one
moves the follower's mark. Who is stopped anywhere begins the batch again: what was kept is known, and stays as it is.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import aclosing
from typing import Final

from msgspec import Struct

from opencabinet.db import Connection, outbox
from opencabinet.kernel.ids import Login, Ticket
from opencabinet.partners import programme
from opencabinet.partners.rewards.accruing import directory, store
from opencabinet.partners.rewards.accruing.ahead import ahead
from opencabinet.partners.rewards.accruing.amending import amend
from opencabinet.partners.rewards.accruing.directory import store as rules
from opencabinet.partners.rewards.accruing.model import NOBODY, Batch, Client, Dates, Meanwhile, Row, Since
from opencabinet.partners.rewards.accruing.page import Page
from opencabinet.partners.rewards.accruing.working import Books, accrue
from opencabinet.partners.rewards.qualifying import qualify
from opencabinet.partners.rewards.waiting import store as waiting

PAGE: Final = 5_000
"""Trades of one transaction, at most."""
FOLLOWER: Final = "partners"


class Lines(Struct, frozen=True):
    """The connections that are worked with: what is read, what is asked in between, and what is written."""

    reading: Connection
    asking: Connection
    writing: Connection


class Accruing:
    """Works batches out; what it remembers is thrown away when one fails."""

    def __init__(self, lines: Lines, page: int = PAGE) -> None:
        self.lines = lines
        self.page = page
        self.books: Books | None = None
        self.waiting: dict[tuple[Login, Ticket], str] = {}

    async def run(self, batch: Batch) -> int:
        """Work a batch out and keep what it comes to; give how many trades were looked at.

        Raises:
            Meanwhile: if the rules changed while it was worked out.
        """
        try:
            return await self.run_or_fail(batch)
        except BaseException:
            self.books = None
            raise

    async def run_or_fail(self, batch: Batch) -> int:
        """Do so, and leave what is remembered as it is."""
        books = await self.prepared(batch)
        self.waiting = {}
        looked_at = 0
        writing: asyncio.Task[None] | None = None
        try:
            async with aclosing(ahead(store.trades(self.lines.reading, batch.asks, self.page))) as pages:
                async for rows in pages:
                    looked_at += len(rows)
                    page = await self.worked(books, rows)
                    if writing:
                        await writing
                    writing = asyncio.create_task(self.write(books, page))
            if writing:
                await writing
        finally:
            if writing:
                writing.cancel()
                await asyncio.gather(writing, return_exceptions=True)
        await self.conclude(books, batch)
        books.running.trim()
        return looked_at

    async def prepared(self, batch: Batch) -> Books:
        """Know the programme as it is, and the clients of a batch; leave out whoever is nobody's client."""
        conn = self.lines.asking
        if self.books is None or self.books.directory.epoch != await rules.epoch(conn):
            self.books = Books(await directory.read(conn))
        self.books.rates.forget_missing()
        self.books.sizes.clear()
        self.books.clients = await clients(conn, batch.logins())
        batch.only(self.books.clients)
        return self.books

    async def worked(self, books: Books, rows: Sequence[Row]) -> Page:
        """Work out the trades of a page: new ones, and those that have changed since they were."""
        page, new, known = Page(), list[Row](), list[Row]()
        for row in rows:
            if not row.revision:
                new.append(row)
            elif row.anew or row.figures != row.known:
                known.append(row)
        await accrue(self.lines.asking, books, page, new)
        await amend(self.lines.asking, books, page, known)
        return page

    async def write(self, books: Books, page: Page) -> None:
        """Keep a page."""
        if page:
            async with self.lines.writing.transaction():
                await self.keep(books, page)

    async def conclude(self, books: Books, batch: Batch) -> None:
        """Take back what was given for trades that are no more, see who qualifies, and keep how far we are."""
        page = Page()
        conn, writing = self.lines.asking, self.lines.writing
        there = await store.still(conn, list(batch.gone)) if batch.gone else set()
        await amend(conn, books, page, (), sorted(batch.gone - there))
        await qualify(conn, books, page, batch.logins())
        over = waiting.still(batch.waiting, self.waiting)
        async with writing.transaction():
            if page or batch.logins():  # that nothing is due holds by the rules that were looked at, too
                await self.keep(books, page)
            if over:
                await waiting.end(writing, over)
            for login, since in batch.anew.items():
                await waiting.rework(writing, login, since)
            if batch.place:
                await outbox.reached(writing, FOLLOWER, batch.place)

    async def keep(self, books: Books, page: Page) -> None:
        """Keep a page, in a transaction; nobody else writes lines until it ends.

        Raises:
            Meanwhile: if it was worked out by rules that are no more.
        """
        conn = self.lines.writing
        page.add_up()
        await store.lock(conn)
        if await rules.epoch(conn) != books.directory.epoch:
            raise Meanwhile
        await store.keep(conn, page.workings, page.lines, page.bases)
        if page.days:
            await store.add_days(conn, page.of_days())
        if page.months:
            await store.add_months(conn, page.of_months())
        if page.waiting:
            self.waiting |= page.waiting
            await waiting.wait(conn, page.waiting)


async def clients(conn: Connection, logins: Iterable[Login]) -> dict[Login, Client]:
    """Return those of some accounts that were ever referred, with all that holds of them."""
    partners = grouped(await store.referrals(conn, sorted(logins)))
    groups = grouped(await store.groups(conn, sorted(partners)))
    own = await programme.own(conn, sorted(partners))
    return {
        login: Client(
            login, currency, server, Dates(partners[login]), Dates(groups.get(login, ())), own.get(login, NOBODY)
        )
        for login, currency, server in await store.homes(conn, sorted(partners))
    }


def grouped(rows: Iterable[Since]) -> dict[Login, list[Since]]:
    """Return rows by their accounts."""
    found = defaultdict(list)
    for row in rows:
        found[row.login].append(row)
    return found
