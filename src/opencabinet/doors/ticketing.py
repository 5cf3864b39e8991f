"""Tickets at the door: the one credential that is taken from an address, where a stream begins and nowhere else."""

from typing import Any, Final
from urllib.parse import parse_qsl

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from opencabinet import access
from opencabinet.access import Ask, Decision, Held, Kind
from opencabinet.doors import caller, lending, spending
from opencabinet.doors.telling import tell

TICKETS: Final = "takes tickets"
NAME: Final = b"ticket"
LONGEST: Final = 4096


def taken(handler: BaseRouteHandler) -> bool:
    """Whether a handler takes tickets."""
    return bool(handler.opt.get(TICKETS))


def shown(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> str | None:
    """Return the ticket that a caller shows where one is taken; whoever looks through other eyes has none."""
    if not taken(handler) or caller.proposed(connection):
        return None
    query = connection.scope["query_string"][:LONGEST].decode("latin-1")
    return next((value for name, value in parse_qsl(query) if name == NAME.decode()), None)


def without(query: bytes) -> bytes:
    """Return a query without its tickets, to be looked through for other credentials."""
    return b"&".join(piece for piece in query.split(b"&") if piece.partition(b"=")[0] != NAME)


async def judged(connection: ASGIConnection[Any, Any, Any, Any], ask: Ask, ticket: str) -> tuple[Decision, Held]:
    """Ask the judge for whoever shows a ticket, which is used by that, and tell the history.

    Raises:
        Throttled: if the caller's network has asked too much.
    """
    spending.spend(connection, ticket, caller.network_of(connection), Kind.BEARER)
    async with lending.pool(connection).lend() as conn:
        decision, held = await access.permit_ticket(conn, ticket, ask)
    await tell(connection, decision, ask, None)
    return decision, held
