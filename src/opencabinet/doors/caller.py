"""What is known of a caller: what it asks, from where, and what it was let in with."""

from typing import Any, Final

from litestar.connection import ASGIConnection
from msgspec import Struct

from opencabinet.access import (
    Address,
    Ask,
    Bearer,
    Channel,
    Feeder,
    Function,
    Held,
    Kind,
    Network,
    Policy,
    Redaction,
    Source,
)
from opencabinet.doors.seen import seen
from opencabinet.kernel.ids import Granted, Login
from opencabinet.kernel.problem import Problem

FRESH: Final = "password shown a moment ago"
CHANNEL: Final = "opencabinet.channel"
IN_BODY: Final = "login in the body"
SIGNED: Final = "opencabinet.signed"
"""Where the token of whoever is signed in stands in the scope of a question that is asked from within."""
PROPOSED: Final = "opencabinet.proposed"
REQUEST_ID: Final = "opencabinet.request_id"
LET: Final = "opencabinet.let"
LONGEST_AGENT: Final = 256
NOTHING: Final = Redaction()


class Looker(Struct):
    """Who looks at what a stranger is answered: the request to look, and the credential that it shows.

    `refused` is why they may not see it, once that is found.
    """

    connection: ASGIConnection[Any, Any, Any, Any]
    shown: str | None
    kind: Kind
    refused: Problem | None = None

    def __repr__(self) -> str:
        return "Looker(***)"

    def refuse(self, why: Problem) -> Problem:
        """Keep why they may not see it, for the answer to their own request, and return it."""
        self.refused = why
        return why


class Proposed(Struct, frozen=True):
    """A policy that stands in the place of an account's own, to see what would be answered.

    Without a `looker` it is the operator who looks, and may see all.
    """

    login: Login
    policy: Policy
    looker: Looker | None = None


class Let(Struct):
    """What a caller was let in with, kept for the handler and for the answer; as it is here, nobody was."""

    granted: Granted | None = None
    anybody: bool = False
    redaction: Redaction = NOTHING
    bearer: Bearer | None = None
    server: str | None = None
    held: Held | None = None
    feeder: Feeder | None = None
    view: Any = None


def let(connection: ASGIConnection[Any, Any, Any, Any]) -> Let:
    """Return what a caller was let in with."""
    found: Let | None = connection.scope.get(LET)  # type: ignore[assignment]  # put there by us
    if found is None:
        found = connection.scope[LET] = Let()  # type: ignore[typeddict-unknown-key]  # a scope may be extended
    return found


def asked(connection: ASGIConnection[Any, Any, Any, Any], login: Login, function: Function) -> Ask:
    """Return the question that a request asks."""
    return Ask(
        login=login,
        function=function,
        address=address(connection),
        origin=origin(connection),
        fresh=bool(connection.route_handler.opt.get(FRESH)),
    )


def origin(connection: ASGIConnection[Any, Any, Any, Any]) -> str | None:
    """Return the origin of the page that asks, if one is told."""
    origins: list[str] = connection.headers.getall("origin", [])
    return origins[0] if len(origins) == 1 else None


def granted(request: ASGIConnection[Any, Any, Any, Any]) -> Granted:
    """Give a handler the login that the judge let the caller read."""
    found = let(request).granted
    if found is None:
        raise LookupError("Nobody was let in.")
    return found


def held(request: ASGIConnection[Any, Any, Any, Any]) -> Held:
    """Give a handler what its caller was let in with, to ask again while the answer goes on."""
    found = let(request).held
    if found is None:
        raise LookupError("Nobody was let in.")
    return found


def proposed(connection: ASGIConnection[Any, Any, Any, Any]) -> Proposed | None:
    """Return the policy that is looked at rather than gone by, if this is but a look."""
    found: Proposed | None = connection.scope.get(PROPOSED)  # type: ignore[assignment]  # put there by `preview`
    return found


def redaction(connection: ASGIConnection[Any, Any, Any, Any]) -> Redaction:
    """Return what the open level leaves out of the answer; nothing for a credential, or where no account is read."""
    return let(connection).redaction


def bearer(connection: ASGIConnection[Any, Any, Any, Any]) -> Bearer | None:
    """Return whose credential the caller was let in with; None for whoever needed none, or is not let in."""
    return let(connection).bearer


def page(connection: ASGIConnection[Any, Any, Any, Any]) -> str | None:
    """Return the origin of the page that a publishable key was let in from, if one was."""
    found = bearer(connection)
    return connection.headers.get("origin") if found and found.kind is Kind.PUBLISHABLE else None


def address(connection: ASGIConnection[Any, Any, Any, Any]) -> Address | None:
    """Return the client's address, as the edge resolved it; None where it is not known."""
    return seen(connection).address


def network_of(connection: ASGIConnection[Any, Any, Any, Any]) -> Network:
    """Return the /24 or /64 that a caller is counted by: the client's or, where that is not known, the last hop's."""
    return seen(connection).network


def source(connection: ASGIConnection[Any, Any, Any, Any]) -> Source:
    """Return where a request comes from, as the history keeps it."""
    agent = "".join(letter for letter in connection.headers.get("user-agent", "") if letter.isprintable())
    return Source(
        channel=channel(connection),
        address=address(connection),
        derived_from=seen(connection).derived_from,
        user_agent=agent[:LONGEST_AGENT],
        request_id=str(connection.scope.get(REQUEST_ID, "")),
    )


def channel(connection: ASGIConnection[Any, Any, Any, Any]) -> Channel:
    """Return on which way something is asked."""
    within: Channel | None = connection.scope.get(CHANNEL)  # type: ignore[assignment]  # put there by `within`
    found: Channel = within or connection.route_handler.opt.get(CHANNEL, "legacy")
    return found


def signed(connection: ASGIConnection[Any, Any, Any, Any]) -> str | None:
    """Return the token of whoever is signed in and asks from within; nobody outside can put it there."""
    found: str | None = connection.scope.get(SIGNED)  # type: ignore[assignment]  # put there by `within`
    return found
