"""Tickets of widgets: a site's server asks for one, and the frame of its visitor exchanges it for a token."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Final

from msgspec import Struct

from opencabinet.access import secrets, throttles
from opencabinet.access.credentials.issuing import GUESSES, NOWHERE, network_of
from opencabinet.access.history import changed
from opencabinet.access.model import AccessDenied, Bearer, Function, Kind, Refusal, Source
from opencabinet.access.throttles import Limits
from opencabinet.access.tickets import store
from opencabinet.access.tickets.actions import ELSEWHERE, NO_TICKET, TICKET_SECONDS, Ticket
from opencabinet.db import Connection
from opencabinet.kernel.ids import Login
from opencabinet.kernel.problem import Malformed, Throttled

TOKEN_LASTS: Final = timedelta(minutes=15)
MOST_WAITING: Final = 1000
"""So many tickets of a credential wait to be used at most: a site has as many visitors within a minute."""
NAME: Final = "widget"
USED: Final = "the ticket was used before, so what it was exchanged for was ended"


class BadTicket(Malformed):
    """A ticket of a widget opens what widgets show, and nothing that is never open."""


class Opened(Struct, frozen=True):
    """The token that a ticket was exchanged for: whose it is, what it opens, and on pages of which origin."""

    secret: str
    login: Login
    functions: frozenset[Function]
    origin: str
    expires_at: datetime

    def __repr__(self) -> str:
        return "Opened(***)"


def refuse_unfit(functions: Collection[Function]) -> None:
    """Refuse functions that no ticket of a widget opens.

    Raises:
        BadTicket: if any of them is never open, or they are of several families.
    """
    if not functions or any(each.private for each in functions):
        raise BadTicket
    if len({each.family for each in functions}) > 1:
        raise BadTicket("A ticket that opens functions of a partner opens no others.")


async def make_widget_ticket(conn: Connection, bearer: Bearer, functions: Collection[Function], origin: str) -> Ticket:
    """Make a ticket that is exchanged once for a token of some functions, on pages of an origin.

    Raises:
        Throttled: if as many of the credential wait to be used as may.
    """
    secret = secrets.make_ticket()
    until = await store.make(
        conn,
        bearer.login,
        bearer.id,
        secrets.hash_token(secret),
        origin=origin,
        functions=sorted(functions),
        seconds=TICKET_SECONDS,
        most=MOST_WAITING,
    )
    if until is None:
        raise Throttled(TICKET_SECONDS, f"At most {MOST_WAITING} tickets of a credential wait to be used.")
    return Ticket(secret, until)


async def exchange_ticket(
    conn: Connection, ticket: str, origin: str, source: Source = NOWHERE, limits: Limits = GUESSES
) -> Opened:
    """Exchange a ticket for a token that opens its functions, on pages of its origin. It is used by trying.

    Whoever shows one that was exchanged before ends what it was exchanged for: somebody else may have it.

    Raises:
        AccessDenied: if it is unknown, expired or used, or made for pages of another origin.
        Throttled: instead, where too many guesses came from there.
    """
    async with throttles.guess(conn, subject="", network=network_of(source), generated=True, limits=limits):
        return await exchange(conn, secrets.hash_token(ticket), origin, source)


async def exchange(conn: Connection, shown: bytes, origin: str, source: Source) -> Opened:
    """Exchange a ticket, or end what one was exchanged for that was used before."""
    async with conn.transaction():
        offered = await store.look(conn, shown)
        refusal = why_not(offered, origin)
        if offered and not refusal:
            return await given(conn, shown, offered, source)
        if offered and offered.made:
            await store.end(conn, offered.made)
        elif offered:
            await store.spend(conn, shown)
    denied = AccessDenied()
    denied.told = refusal
    raise denied


def why_not(offered: store.Offered | None, origin: str) -> Refusal | None:
    """Return why a ticket is refused, and whose it was; None if it is good."""
    if offered is None:
        return Refusal(NO_TICKET)
    if offered.made is not None:
        rule = USED
    elif not offered.live:
        rule = NO_TICKET
    elif offered.origin != origin:
        rule = ELSEWHERE
    else:
        return None
    return Refusal(rule, offered.login, offered.family)


async def given(conn: Connection, shown: bytes, offered: store.Offered, source: Source) -> Opened:
    """Give the token for a ticket, with the row that tells of it, both or neither."""
    secret = secrets.make_token(Kind.BEARER)
    until = await store.exchange(
        conn, shown, secrets.hash_token(secret), name=NAME, seconds=TOKEN_LASTS.total_seconds()
    )
    login, opens = Login(offered.login), frozenset(map(Function, offered.functions))
    rule = "the ticket of a widget is good"
    told: dict[str, Any] = {"functions": sorted(opens), "origin": offered.origin}
    await changed(conn, login, "token.request", source, rule=rule, family=offered.family, **told)
    return Opened(secret, login, opens, offered.origin, until)
