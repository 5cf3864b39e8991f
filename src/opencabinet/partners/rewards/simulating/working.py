"""Working a month out again, trade by trade, as if other plans had held."""

from collections import defaultdict
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any, Final

from msgspec import Struct, structs

from opencabinet.db import Connection
from opencabinet.kernel.ids import Login
from opencabinet.partners import plans
from opencabinet.partners.plans import Line, Plan, Rung, Working
from opencabinet.partners.rewards.accruing import directory
from opencabinet.partners.rewards.accruing.amending import Amended, before, difference, looked_up, size
from opencabinet.partners.rewards.accruing.batches import clients
from opencabinet.partners.rewards.accruing.directory import Ladder
from opencabinet.partners.rewards.accruing.model import Row
from opencabinet.partners.rewards.accruing.page import Page, Parted, parted
from opencabinet.partners.rewards.accruing.recorded import NOTHING
from opencabinet.partners.rewards.accruing.working import Books, each, traded
from opencabinet.partners.rewards.simulating import store
from opencabinet.partners.rewards.simulating.model import Difference, Simulation, TooMany

PAGE: Final = 2_000
MOST: Final = 2_000_000
"""Trades of a month that are worked out again at once, at most."""


class Again(Struct, frozen=True):
    """A trade worked out again: who is paid, how, who was, and what that changes."""

    it: Amended
    ladder: Ladder
    was: Ladder
    working: Working
    lines: Parted

    @property
    def changes(self) -> list[Line]:
        """All lines of it: those that come in, and those that undo what was taken back."""
        return [*self.lines.live, *self.lines.gone]


class Month:
    """A month on its way: what came before each trade in it, and what changes until now."""

    def __init__(self, month: date, wanted: Sequence[Plan], partner: Login | None, version: int) -> None:
        self.month = month.replace(day=1)
        self.wanted: Mapping[str, Plan] = {plan.name: plan for plan in wanted}
        self.partner = partner
        self.version = version
        self.lots: dict[Login, Decimal] = defaultdict(Decimal)
        self.amounts: dict[Login, Decimal] = defaultdict(Decimal)
        self.days: dict[tuple[Login, date], Decimal] = defaultdict(Decimal)
        self.differences: dict[tuple[Login, str], list[Any]] = {}
        self.trades = self.unknown = self.lines = 0
        self.digest = sha256()

    def period(self) -> tuple[datetime, datetime]:
        """Return when the month begins and ends, in UTC."""
        since = datetime(self.month.year, self.month.month, 1, tzinfo=UTC)
        return since, since.replace(year=since.year + since.month // 12, month=since.month % 12 + 1)

    def ladder(self, books: Books, it: Amended) -> Ladder:
        """Return who was paid for a trade, each by the plan that is wanted instead, if one of its name is."""
        was = before(books, it)
        if not was or was[0].plan.name not in self.wanted:
            return tuple(map(self.instead, was))
        own = books.clients[it.key[0]].own
        above = books.directory.whole(was[0].login, it.past.last.closed_at, own)[len(was) :]
        return tuple(map(self.instead, was + above))[: self.wanted[was[0].plan.name].levels.depth]

    def instead(self, was: directory.Stage) -> directory.Stage:
        """Return a level with the plan that is wanted instead of its own; one that is the same stays as it is."""
        plan = self.wanted.get(was.plan.name)
        if plan is None or plan == was.plan:
            return was
        return structs.replace(was, plan=plan, version=self.version)

    def rungs(self, it: Amended, ladder: Ladder, day: date) -> tuple[Rung, ...]:
        """Return levels with what each had before: as recorded, but amounts as they are by a plan that is another."""
        found = []
        for stage_ in ladder:
            level = it.past.recorded.level(stage_.login)
            stays = level is not None and stage_.version == level.version and stage_.plan.name == level.plan
            told = {
                "month_lots": self.lots[stage_.login],
                "month_amount": self.amounts[stage_.login],
                "day_amount": self.days[stage_.login, day],
            }
            kept = ("month_lots", *(("month_amount", "day_amount") if stays else ()))
            told |= {name: figure for name in kept if level and (figure := getattr(level, name)) is not None}
            found.append(
                Rung(
                    login=stage_.login,
                    currency=stage_.currency,
                    plan=stage_.plan,
                    version=stage_.version,
                    is_client=stage_.is_client,
                    **told,
                )
            )
        return tuple(found)

    def work(self, books: Books, it: Amended, row: Row) -> Again:
        """Work a trade out again, and count on."""
        client, day, ladder = books.clients[row.login], row.closed_at.date(), self.ladder(books, it)
        rate = books.rates.of(client.server, row.closed_at, it.past.recorded.quoted())
        working = plans.worked(traded(row, client, size(books, it, row)), self.rungs(it, ladder, day), rate)
        for stage_ in ladder:
            self.lots[stage_.login] += row.lots
        for line in working.lines:
            if line.kind != "rebate":
                self.amounts[line.login] += line.amount
                self.days[line.login, day] += line.amount
        lines = difference(working.lines, it.given, lambda _: "adjustment")
        return Again(it, ladder, before(books, it), working, parted(lines, it.given))

    def tell(self, again: Again) -> None:
        """Add what a trade changes to what is told of the whole; what was taken back is in no sum."""
        for given in again.it.given:
            self.sum(given.login, given.currency)[0] += given.amount - given.taken
        for line in again.lines.live:
            self.sum(line.login, line.currency)[1] += line.amount
        for who in {(line.login, line.currency) for line in again.lines.live}:
            self.sum(*who)[2] += 1
        client, ticket = again.it.key
        for lines in again.lines:
            for line in sorted(lines, key=lambda line: (line.level, line.login, line.currency)):
                told = f"{client} {ticket} {line.login} {line.level} {line.amount} {line.currency}\n"
                self.digest.update(told.encode())
            self.digest.update(b"-\n")
        self.lines += len(again.changes)

    def sum(self, login: Login, currency: str) -> list[Any]:
        """Return what an account had, what comes to it, and in how many trades."""
        return self.differences.setdefault((login, currency), [NOTHING, NOTHING, 0])

    def told(self) -> Simulation:
        """Return what the whole comes to."""
        self.digest.update(f"{self.trades} {self.unknown}".encode())
        return Simulation(
            month=self.month,
            trades=self.trades,
            unknown=self.unknown,
            lines=self.lines,
            digest=self.digest.hexdigest(),
            differences=tuple(
                Difference(login=login, currency=currency, old=old, new=old + more, difference=more, trades=trades)
                for (login, currency), (old, more, trades) in sorted(self.differences.items())
            ),
        )


async def worked(conn: Connection, month: Month) -> AsyncGenerator[list[Again], None]:
    """Give the trades of a month as they are worked out again, page by page, in the order in which they closed.

    Raises:
        TooMany: if there are more than are worked out at once.
    """
    books = Books(await directory.read(conn))
    read = 0
    async with aclosing(store.trades(conn, *month.period(), many=PAGE, most=MOST)) as pages:
        async for rows in pages:
            read += len(rows)
            if read > MOST:
                raise TooMany
            yield await page(conn, books, month, rows)


async def page(conn: Connection, books: Books, month: Month, rows: Sequence[Row]) -> list[Again]:
    """Work out a page of trades again: those that were paid for, of the partner who is asked for."""
    books.clients = await clients(conn, {row.login for row in rows})
    known = await looked_up(conn, {(row.login, row.ticket): row for row in rows})
    order = {(row.login, row.ticket): place for place, row in enumerate(rows)}
    wanted = sorted((it for it in known if concerns(it, month.partner)), key=lambda it: order[it.key])
    await books.know_sizes(conn, [it.row for it in wanted if it.row])
    found: dict[Any, Again] = {}
    waits = Page()

    def work(it: Amended) -> None:
        if it.row:
            found[it.key] = month.work(books, it, it.row)

    await each(conn, books, waits, wanted, lambda it: it.key, work)
    month.trades += len(wanted)
    month.unknown += len(waits.waiting)
    again = [found[it.key] for it in wanted if it.key in found]
    for it in again:
        month.tell(it)
    return again


def concerns(it: Amended, partner: Login | None) -> bool:
    """Whether a trade is paid for, and to a partner if one is asked for."""
    was = it.past.recorded
    return not it.past.gone and bool(was.rungs) and (partner is None or was.level(partner) is not None)
