"""Making tickets, and letting in whoever shows one."""

from datetime import datetime
from typing import Final

from msgspec import Struct, structs

from opencabinet.access import secrets, watching
from opencabinet.access.model import AccessDenied, Ask, Bearer, Ground, Held, Kind
from opencabinet.access.policy import Decision
from opencabinet.access.tickets import store
from opencabinet.db import Connection
from opencabinet.kernel.ids import Login
from opencabinet.kernel.problem import Throttled

TICKET_SECONDS: Final = 60
MOST_TICKETS: Final = 20
ELSEWHERE: Final = "the ticket is not good on pages of this origin"
NO_CREDENTIAL: Final = "a ticket stands for a token or a key: show one to have it"
NO_TICKET: Final = "the ticket is unknown, used or expired"


class Ticket(Struct, frozen=True):
    """A ticket; its secret is shown this once."""

    secret: str
    expires_at: datetime

    def __repr__(self) -> str:
        return "Ticket(***)"


async def make_ticket(conn: Connection, bearer: Bearer, origin: str | None) -> Ticket:
    """Make a ticket that stands for a credential once, on pages of `origin` only if one is told.

    Raises:
        AccessDenied: for a session, which is good at the cabinet only.
        Throttled: if as many of the credential wait to be used as may.
    """
    if bearer.kind is Kind.SESSION:
        raise AccessDenied(NO_CREDENTIAL, Ground.RULE)
    secret = secrets.make_ticket()
    until = await store.make(
        conn,
        bearer.login,
        bearer.id,
        secrets.hash_token(secret),
        origin=origin,
        seconds=TICKET_SECONDS,
        most=MOST_TICKETS,
    )
    if until is None:
        raise Throttled(TICKET_SECONDS, f"At most {MOST_TICKETS} tickets of a credential wait to be used.")
    return Ticket(secret, until)


async def permit_ticket(conn: Connection, ticket: str, ask: Ask) -> tuple[Decision, Held]:
    """Judge a question asked with a ticket, which is used up by that, and return what stands behind it.

    One that is good for nothing is judged like a credential that is. A question about login 0 is about the account
    that the ticket is of.
    """
    used = await store.use(conn, secrets.hash_token(ticket))
    if used and not ask.login:
        ask = structs.replace(ask, login=Login(used.login))
    held = Held(used.hash, Kind(used.kind), ask) if used and used.live else Held(b"", Kind.BEARER, ask)
    [decision] = await watching.permit_held(conn, [held])
    if decision.ground is Ground.CREDENTIAL:
        return structs.replace(decision, rule=NO_TICKET), held
    if decision.granted is not None and used and used.origin is not None and ask.origin not in {None, used.origin}:
        return structs.replace(decision, granted=None, rule=ELSEWHERE, ground=Ground.RULE), held
    return decision, held
