"""Looking at clients who deposited or traded: what they earn their partners once is given as soon as they qualify."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from opencabinet.db import Connection
from opencabinet.kernel.ids import Login, Ticket
from opencabinet.partners import plans
from opencabinet.partners.plans import Referred
from opencabinet.partners.rewards.accruing import store as accruing
from opencabinet.partners.rewards.accruing.amending import difference
from opencabinet.partners.rewards.accruing.directory import Ladder
from opencabinet.partners.rewards.accruing.model import Client, Known, Sum
from opencabinet.partners.rewards.accruing.page import About, Page
from opencabinet.partners.rewards.accruing.recorded import past
from opencabinet.partners.rewards.accruing.working import RECORDED, Books, each
from opencabinet.partners.rewards.qualifying import store
from opencabinet.partners.rewards.qualifying.store import Done

NUMBER_BYTES = 6
Candidate = tuple[Client, Ladder, Done]


def ticket_of(plan: str) -> Ticket:
    """Return the number, below 0, under which a plan's single payments for a client are kept."""
    return Ticket(-1 - int.from_bytes(sha256(plan.encode()).digest()[:NUMBER_BYTES]))


async def qualify(conn: Connection, books: Books, page: Page, logins: Iterable[Login]) -> None:
    """Put down in a page what clients who qualify earn: once for each plan, and what a larger amount adds to it."""
    within = {login: time for login in logins if (time := allowed(books, login))}
    if not within:
        return
    done = await store.done(conn, list(within), list(within.values()))
    found = [candidate for it in done if (candidate := placed(books, it))]
    await books.running.read(conn, [(stage.login, it.at.date()) for _, ladder, it in found for stage in ladder])
    workings = defaultdict(list)
    for known in await accruing.known(conn, [key(it) for it in found]):
        workings[known.login, known.ticket].append(known)
    given = await sums(conn, list(workings.values()))
    await each(conn, books, page, found, key, lambda it: pay(books, page, it, workings[key(it)], given[key(it)]))


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
    """Return under what a client's payment is kept: by the direct partner's plan."""
    return it[2].login, ticket_of(it[1][0].plan.name)


async def sums(conn: Connection, workings: Sequence[Sequence[Known]]) -> dict[tuple[Login, Ticket], list[Sum]]:
    """Return what was given until now."""
    found = defaultdict(list)
    pasts = [past(theirs) for theirs in workings if theirs]
    places = [(who, it.last.login, it.last.ticket, at) for it in pasts for who in it.everybody for at in it.moments]
    for it in await accruing.sums(conn, places) if places else ():
        found[it.client, it.ticket].append(it)
    return found


def pay(books: Books, page: Page, it: Candidate, known: Sequence[Known], given: Sequence[Sum]) -> None:
    """Give what a client has come to earn beyond what was given; nothing is taken back."""
    client, ladder, done = it
    if any(line.level == 0 and line.login != ladder[0].login for line in given):
        return  # whose client it was then was paid for it
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
    rungs = books.rungs(ladder, done.at.date())
    working = plans.qualified(referred, rungs, books.rates.of(client.server, done.at, RECORDED))
    lines = [line for line in difference(working.lines, given) if line.amount > 0]
    if lines:
        about = About(*key(it), len(known) + 1, "qualified", done.at, 0)
        page.keep(about, working.kept, lines, ladder)
        books.running.add(lines, done.at.date())
