"""Trades that are known already: what they come to now, less what was given for them, is given or taken back."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from msgspec import Struct, structs

from opencabinet.db import Connection
from opencabinet.kernel.ids import Login, Ticket
from opencabinet.partners import plans
from opencabinet.partners.plans import Kept, Line, Rung, Working
from opencabinet.partners.rewards.accruing import store
from opencabinet.partners.rewards.accruing.directory import UNKEPT, Ladder, Stage, nothing
from opencabinet.partners.rewards.accruing.model import Row, Sum
from opencabinet.partners.rewards.accruing.page import About, Page, key, parted
from opencabinet.partners.rewards.accruing.recorded import NOTHING, REMOVED, Level, Past, Trade, past
from opencabinet.partners.rewards.accruing.working import Books, each, traded

Key = tuple[Login, Ticket]


class Amended(Struct, frozen=True):
    """A trade as it is now (None if it is no more), what was known of it, and what it came to until now."""

    key: Key
    row: Row | None
    past: Past
    given: Sequence[Sum]


async def amend(conn: Connection, books: Books, page: Page, rows: Iterable[Row], gone: Iterable[Key] = ()) -> None:
    """Work out trades that are known and may have changed, and those of `gone` that are no more, into a page."""
    known = await looked_up(conn, {**{(row.login, row.ticket): row for row in rows}, **dict.fromkeys(gone)})
    wanted = {it.key: ladder(books, it) for it in known}
    await books.running.read(conn, touched(known, wanted))
    await books.know_sizes(conn, [it.row for it in known if it.row])
    await each(conn, books, page, known, lambda it: it.key, lambda it: amend_one(books, page, it, wanted[it.key]))


async def looked_up(conn: Connection, rows: Mapping[Key, Row | None]) -> list[Amended]:
    """Return what is known of trades, those left out of which nothing is."""
    if not rows:
        return []
    workings = defaultdict(list)
    for working in await store.known(conn, list(rows)):
        workings[working.login, working.ticket].append(working)
    pasts = {key: past(theirs) for key, theirs in workings.items()}
    places = [(who, *key, at) for key, it in pasts.items() for who in it.everybody for at in it.moments]
    given = defaultdict(list)
    for found in await store.sums(conn, places) if places else ():
        given[found.client, found.ticket].append(found)
    return [Amended(key, rows[key], it, given[key]) for key, it in pasts.items()]


def ladder(books: Books, it: Amended) -> Ladder:
    """Return who is paid for a trade now: as it was, unless it closed at another time, or is asked for anew.

    Of one for which all was taken back it is found out anew: perhaps its client was nobody's.
    """
    if it.row is None:
        return ()
    was, stays = it.past.recorded, not (it.row.anew or it.past.gone)
    if stays and was.trade is not None and was.trade.closed_at == it.row.closed_at:
        return before(books, it)
    placed = books.place(it.row)
    return placed[2] if placed else ()


def before(books: Books, it: Amended) -> Ladder:
    """Return who was paid for a trade until now."""
    return tuple(stage(books, level) for level in it.past.recorded.rungs)


def stage(books: Books, level: Level) -> Stage:
    """Return a level as it was."""
    unpaid = level.version == UNKEPT
    plan = nothing(level.currency) if unpaid else books.directory.plan(level.plan, level.version)
    if plan is None:
        raise LookupError(f"There is no version {level.version} of plan {level.plan}.")
    held = books.directory.holds(level.login)
    return Stage(level.login, level.currency, plan, level.version, held, level.is_client)


def touched(known: Iterable[Amended], wanted: Mapping[Key, Ladder]) -> set[tuple[Login, Any]]:
    """Return the partners and days that change."""
    found = set()
    for it in known:
        days = {at.date() for at in it.past.moments} | ({it.row.closed_at.date()} if it.row else set())
        logins = it.past.everybody | {stage.login for stage in wanted[it.key]}
        found |= {(login, day) for login in logins for day in days}
    return found


def amend_one(books: Books, page: Page, it: Amended, ladder: Ladder) -> None:
    """Work out a trade that is known."""
    row, last = it.row, it.past.last
    if row is None or not ladder:
        if not it.past.gone:
            about = About(*it.key, last.revision + 1, "removed", last.closed_at, 0)
            write(books, page, it, about, (), REMOVED, difference((), it.given))
        return
    about = About(*it.key, last.revision + 1, "reworked" if row.anew else "corrected", row.closed_at, row.figures)
    working = again(books, it, row, ladder)
    lines = difference(working.lines, it.given)
    if row.anew and row.figures == row.known and not lines and not it.past.gone:
        return
    write(books, page, it, about, ladder, working.kept, lines)


def again(books: Books, it: Amended, row: Row, ladder: Ladder) -> Working:
    """Work out a trade as it is now, with what was recorded of rates and of what was before it."""
    client, was, day = books.clients[row.login], it.past.recorded, row.closed_at.date()
    then = was.trade.closed_at.date() if was.trade else day
    rungs = tuple(recalled(rung, was.level(rung.login), then, day) for rung in books.rungs(ladder, day))
    trade = traded(row, client, size(books, it, row))
    return plans.worked(trade, rungs, books.rates.of(client.server, row.closed_at, was.quoted()))


def size(books: Books, it: Amended, row: Row) -> Decimal | None:
    """Return the contract size of a trade: what it tells itself, else as it was, else as it is known now."""
    was = it.past.recorded.contract.contract_size
    return was if row.contract_size is None and was is not None else books.size(row)


def recalled(rung: Rung, level: Level | None, then: date, day: date) -> Rung:
    """Return a level with what was before the trade when that was worked out `then`, for a day of the same month.

    Of a month, or a day, that the trade has not been in until now, holds what is in it now.
    """
    if level is None or then.replace(day=1) != day.replace(day=1):
        return rung
    names = ("month_lots", "month_amount", *(["day_amount"] if then == day else []))
    told = {name: getattr(level, name) for name in names}
    return structs.replace(rung, **{name: figure for name, figure in told.items() if figure is not None})


def difference(wanted: Iterable[Line], given: Iterable[Sum], kind: Callable[[str], Any] = str) -> list[Line]:
    """Return the lines that make what was given what is wanted."""
    amounts: dict[tuple[Login, int, str], list[Any]] = {key(it): [-it.amount, it.kind] for it in given}
    for line in wanted:
        found = amounts.setdefault(key(line), [NOTHING, line.kind])
        found[0] += line.amount
        found[1] = line.kind
    return [
        Line(login, level, kind(told), amount, currency)
        for (login, level, currency), (amount, told) in amounts.items()
        if amount
    ]


def write(
    books: Books, page: Page, it: Amended, about: About, ladder: Ladder, kept: Kept, lines: Sequence[Line]
) -> None:
    """Put a revision down, and count the trade as it is now instead of as it was."""
    found, was, client = parted(lines, it.given), it.past.recorded, it.key[0]
    page.keep(about, kept, found, ladder, before(books, it))
    if was.trade is not None and not it.past.gone:
        count(books, page, client, was.trade, [(level.login, level.currency) for level in was.rungs], -1)
    if it.row is not None and ladder:
        rungs = [(stage.login, stage.currency) for stage in ladder]
        count(books, page, client, Trade(about.closed_at, it.row.lots), rungs, 1)
    books.running.add(found.live, about.closed_at.date())
    books.running.add(found.gone, about.closed_at.date(), gone=True)


def count(books: Books, page: Page, client: Login, trade: Trade, rungs: list[tuple[Login, str]], by: int) -> None:
    """Count a trade once more or once less."""
    page.count(client, trade.closed_at, trade.lots, rungs, by)
    books.running.count([login for login, _ in rungs], trade.closed_at.date(), trade.lots * by)
