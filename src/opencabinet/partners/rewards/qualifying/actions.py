"""Looking at clients who deposited or traded: what they earn their partners once is given as soon as they qualify."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

from opencabinet.db import Connection
from opencabinet.kernel.ids import Login, Ticket
from opencabinet.partners import plans
from opencabinet.partners.plans import Referred
from opencabinet.partners.rewards.accruing.amending import Amended, before, difference, looked_up, recalled
from opencabinet.partners.rewards.accruing.directory import Ladder
from opencabinet.partners.rewards.accruing.model import Client
from opencabinet.partners.rewards.accruing.page import About, Page, parted
from opencabinet.partners.rewards.accruing.recorded import Recorded
from opencabinet.partners.rewards.accruing.working import Books, each
from opencabinet.partners.rewards.qualifying import store
from opencabinet.partners.rewards.qualifying.store import Done

TICKET: Final = Ticket(-1)
"""The number under which is kept what is paid for a client once, whatever the plan."""
Candidate = tuple[Client, Ladder, Done]


async def qualify(conn: Connection, books: Books, page: Page, logins: Iterable[Login]) -> None:
    """Put down in a page what clients who qualify earn: once, and what a larger amount of the same version adds."""
    within = {login: time for login in logins if (time := allowed(books, login))}
    if not within:
        return
    done = await store.done(conn, list(within), list(within.values()))
    found = [candidate for it in done if (candidate := placed(books, it))]
    known = {it.key: it for it in await looked_up(conn, {key(it): None for it in found})}
    found = [candidate for it in found if (candidate := again(books, it, known.get(key(it))))]
    await books.running.read(conn, [(stage.login, it.at.date()) for _, ladder, it in found for stage in ladder])
    await each(conn, books, page, found, key, lambda it: pay(books, page, it, known.get(key(it))))


def allowed(books: Books, login: Login) -> timedelta | None:
    """Return within what time a client may qualify now, None if nothing is paid for that."""
    client, now = books.clients.get(login), datetime.now(UTC)
    partner = client.partners.at(now) if client else None
    ladder = books.directory.ladder(partner, now, client.own) if client and partner else ()
    return max((cpa.within for stage in ladder if (cpa := stage.plan.cpa)), default=None)


def placed(books: Books, done: Done) -> Candidate | None:
    """Find who is paid for what a client has done, by what held when the last of it was; None if nobody is."""
    client = books.clients[done.login]
    partner = client.partners.at(done.at)
    ladder = books.directory.ladder(partner, done.at, client.own) if partner else ()
    return (client, ladder, done) if any(stage.plan.cpa for stage in ladder) else None


def key(it: Candidate) -> tuple[Login, Ticket]:
    """Return under what a client's payment is kept."""
    return it[2].login, TICKET


def again(books: Books, it: Candidate, known: Amended | None) -> Candidate | None:
    """Let those be paid who were before, by the plans of then; None if the client is another's by now."""
    if known is None:
        return it
    client, ladder, done = it
    was = before(books, known)
    return (client, was, done) if was[0].login == ladder[0].login else None


def pay(books: Books, page: Page, it: Candidate, known: Amended | None) -> None:
    """Give what a client has come to earn beyond what was given; nothing is taken back.

    Rates, and what was before, are those of the first time: only what the client does adds something.
    """
    client, ladder, done = it
    was, given = (known.past.recorded, known.given) if known else (Recorded(), ())
    revision = known.past.last.revision + 1 if known else 1
    referred = Referred(
        login=done.login,
        currency=client.currency,
        group=client.groups.at(done.at) or "",
        country=done.country or None,
        first_deposit_at=done.first_deposit_at,
        deposited=done.deposited,
        lots=done.lots,
        commission=done.commission,
        at=done.at,
    )
    day = done.at.date()
    rungs = [recalled(rung, was.level(rung.login), day, day) for rung in books.rungs(ladder, day)]
    working = plans.qualified(referred, rungs, books.rates.of(client.server, done.at, was.quoted()))
    lines = parted([line for line in difference(working.lines, given) if line.amount > 0], given)
    if lines.live or lines.gone:
        about = About(*key(it), revision, "qualified", done.at, 0)
        page.keep(about, working.kept, lines, ladder)
        books.running.add(lines.live, day)
        books.running.add(lines.gone, day, gone=True)
