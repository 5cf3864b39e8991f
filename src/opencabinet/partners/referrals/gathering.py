"""Gathering what says whose client an account is: the application it came from, the click before it, its agent."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final

from msgspec import Struct, structs

from opencabinet.db import Connection
from opencabinet.kernel.ids import Login
from opencabinet.partners import programme
from opencabinet.partners.programme import BadCode, read_code
from opencabinet.partners.referrals import store
from opencabinet.partners.referrals.clicked import read_click
from opencabinet.partners.referrals.model import Evidence, Lead, Own

LONGEST_TEXT: Final = 64


class Words(Struct, frozen=True, kw_only=True):
    """What says whose client an account is, when it is looked at, and what of it is decided on once."""

    leads: tuple[Lead, ...]
    at: datetime
    cause: str


async def of_registration(conn: Connection, client: Login, at: datetime, *, agents_count: bool) -> Words | None:
    """Return what was said when the account was asked for, and which partner its server says brought it; or None.

    What an application says is decided on once.
    """
    application = await store.application(conn, client)
    if application is not None and await store.decided(conn, client, cause_of(application)):
        application = None
    leads = [] if application is None else await of_application(conn, application)
    agents = await store.agents(conn, [client]) if agents_count else []
    leads += [Lead(kind="server", at=each.since, text=str(each.number), partner=each.partner) for each in agents]
    if not leads:
        return None
    if application is not None and leads[0].kind != "server":
        return Words(leads=tuple(leads), at=application.received_at, cause=cause_of(application))
    return Words(leads=tuple(leads), at=at, cause=agents[0].cause)


def cause_of(application: store.Application) -> str:
    """Return what is decided on, where it is an application."""
    return f"application {application.id}"


async def of_application(conn: Connection, application: store.Application) -> list[Lead]:
    """Return what an application says: a code that was given, and the click that led to it."""
    leads = []
    if application.code:
        leads.append(await of_code(conn, application.code, application.received_at))
    if application.click:
        leads.append(await of_click(conn, application.click, application.received_at))
    return leads


async def of_code(conn: Connection, text: str, at: datetime) -> Lead:
    """Return whom a code names that was given at a moment."""
    lead = Lead(kind="code", at=at, text=text[:LONGEST_TEXT])
    try:
        found = await store.code(conn, read_code(text))
    except BadCode:
        return lead
    if found is None:
        return lead
    return structs.replace(lead, partner=found.partner, link=found.link, retired_at=found.retired_at)


async def of_click(conn: Connection, text: str, at: datetime) -> Lead:
    """Return whose click a token names; one that is none is of the moment it was shown."""
    lead, token = Lead(kind="click", at=at, text=text[:LONGEST_TEXT]), read_click(text)
    found = None if token is None else await store.click(conn, token)
    if found is None:
        return lead
    return structs.replace(lead, at=found.at, partner=found.partner, click=found.id, link=found.link, mark=found.mark)


async def gather(conn: Connection, client: Login, leads: Sequence[Lead], at: datetime, now: datetime) -> Evidence:
    """Return what is decided on `now`: the words, who those are whom they name, and what holds already."""
    named = {each.partner for each in leads if each.partner is not None}
    standings = await store.standings(conn, named)
    own = await store.own(conn, client, await store.emails(conn, client))
    # Without a partner who is the client nobody can be above themselves: the tree need not be read.
    above = await over(conn, named, now) if own and named else {}
    looked_at = tuple(known(each, standings, above) for each in leads)
    relevant = named.union(*(each.above for each in looked_at))
    return Evidence(
        client=client,
        at=at,
        opened_at=await store.opened_at(conn, client),
        leads=looked_at,
        own=tuple(Own(each.login, each.by) for each in own if each.login in relevant),
        current=await store.current(conn, client),
    )


async def over(conn: Connection, partners: Collection[Login], now: datetime) -> Mapping[Login, tuple[Login, ...]]:
    """Return who is above partners in the tree, and whose clients they are; in a transaction.

    Of two who would be clients of each other, asked about at once, the second is told of the first.
    """
    await store.lock(conn)
    tree = await programme.tree(conn)
    return {each: (*tree.chain(each, now)[1:], *await store.referrers(conn, each)) for each in partners}


def known(lead: Lead, standings: Mapping[Login, store.Standing], above: Mapping[Login, tuple[Login, ...]]) -> Lead:
    """Return a lead with what is known of the partner it names; one who is no partner is nobody."""
    standing = None if lead.partner is None else standings.get(lead.partner)
    if standing is None:
        return structs.replace(lead, partner=None)
    over = above.get(standing.login, ())
    return structs.replace(lead, state=standing.state, enrolled_at=standing.enrolled_at, above=over)
