"""What the service says of itself and of its caller: who is seen, and what the limits are."""

from typing import Final

from msgspec import Struct

from opencabinet import access
from opencabinet.access import PROOF_LASTS, Public
from opencabinet.access.credentials.model import BOUND_LASTS, MOST_KEYS, PUBLISHABLE_LASTS, UNBOUND_LASTS
from opencabinet.doors import gate
from opencabinet.doors.seen import seen
from opencabinet.doors.v1.lots import MOST_GROUPS
from opencabinet.doors.v1.operation import Call, read
from opencabinet.doors.v1.query import LARGEST_LIMIT, LONGEST_QUERY, USUAL_LIMIT
from opencabinet.doors.v1.statements import STREAM_SECONDS
from opencabinet.doors.v1.tokens import LIFETIMES, bearer

LARGEST_BODY: Final = 64 * 1024
REQUEST_SECONDS: Final = 10


class Caller(Struct, frozen=True, kw_only=True):
    """Who is seen: the address, where it is known from, and whose token was shown.

    `address_from` is `socket`, or the header that a trusted proxy told the address in; `address_reason` says it in a
    sentence. `hops` is the way from the client to here as far as it is known, the connection's own address last.
    """

    address: str | None
    address_from: str
    address_reason: str
    hops: list[str]
    authenticated: bool
    login: int | None
    family: str | None


class Bound(Struct, frozen=True, kw_only=True):
    """A limit: what it bounds, how much, and of what."""

    name: str
    value: int
    unit: str
    text: str


class Limits(Struct, frozen=True, kw_only=True):
    """What is given or taken at most; more is refused, never cut."""

    limits: list[Bound]


def bound(name: str, value: int, unit: str, text: str) -> Bound:
    """Return a limit."""
    return Bound(name=name, value=value, unit=unit, text=text)


LIMITS: Final = Limits(
    limits=[
        bound("page_default", USUAL_LIMIT, "rows", "Rows of a page unless `limit` tells."),
        bound("page", LARGEST_LIMIT, "rows", "Rows of a page."),
        bound("groups", MOST_GROUPS, "groups", "Groups of closed lots."),
        bound("query", LONGEST_QUERY, "bytes", "Length of a query."),
        bound("body", LARGEST_BODY, "bytes", "Size of a request's body."),
        bound("request", REQUEST_SECONDS, "seconds", "Time that a request may take, statements apart."),
        bound("statement", STREAM_SECONDS, "seconds", "Time that a statement may take."),
        bound("long_answers", gate.STREAMS_OF_ACCOUNT, "answers", "Statements and metrics of an account at a time."),
        bound("access_token", int(LIFETIMES.bearer.total_seconds()), "seconds", "Life of an access token."),
        bound("server_key", BOUND_LASTS.days, "days", "Life of a server key that is bound to networks."),
        bound("server_key_unbound", UNBOUND_LASTS.days, "days", "Life of a server key that is good from everywhere."),
        bound("publishable_key", PUBLISHABLE_LASTS.days, "days", "Life of a publishable key."),
        bound("keys", MOST_KEYS, "keys", "Keys of an account."),
        bound("proof", int(PROOF_LASTS.total_seconds()), "seconds", "How long a password counts as just shown."),
        bound("refresh_token", int(LIFETIMES.refresh.total_seconds()), "seconds", "Life of a refresh token."),
    ]
)


@read("/whoami", tag="service", need=Public.PUBLIC, answer=Caller)
async def show_caller(call: Call) -> Caller:
    """Show which address and which token the server sees, to find out why access is refused."""
    token = bearer(call.request.headers)
    found = None if token is None else await access.bearer(call.conn, token, access.kind_of(token))
    caller = seen(call.request)
    return Caller(
        address=None if caller.address is None else str(caller.address),
        address_from=caller.derived_from,
        address_reason=caller.why,
        hops=list(caller.hops),
        authenticated=found is not None,
        login=found.login if found else None,
        family=found.family if found else None,
    )


@read("/limits", tag="service", need=Public.PUBLIC, answer=Limits)
async def show_limits(call: Call) -> Limits:
    """Show what is given and taken at most."""
    del call  # the same for everybody
    return LIMITS
