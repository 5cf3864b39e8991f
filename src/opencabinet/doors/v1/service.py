"""What the service says of itself and of its caller: who is seen, and what the limits are."""

from functools import cache
from typing import Final

from litestar import Litestar
from msgspec import Struct

from opencabinet import access
from opencabinet.access import PROOF_LASTS, Bearer, Public
from opencabinet.access.credentials.model import BOUND_LASTS, MOST_KEYS, PUBLISHABLE_LASTS, UNBOUND_LASTS
from opencabinet.doors import caller, lending, spending
from opencabinet.doors.budgets import ACCOUNT, CREDENTIAL, NETWORK, WINDOW_SECONDS, Budget, Budgets, Standing
from opencabinet.doors.seen import seen
from opencabinet.doors.telling import tell_refusal
from opencabinet.doors.v1.lots import MOST_GROUPS
from opencabinet.doors.v1.openapi import found
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
    `refused` is why the credential that was shown is not good from here.
    """

    address: str | None
    address_from: str
    address_reason: str
    hops: list[str]
    authenticated: bool
    login: int | None
    family: str | None
    refused: str | None


class Bound(Struct, frozen=True, kw_only=True):
    """A limit: what it bounds, how much, and of what."""

    name: str
    value: int
    unit: str
    text: str


class Allowance(Struct, frozen=True, kw_only=True):
    """A budget of requests: `quota` units are there at once and come back evenly within `window_seconds`.

    `left` and `resets_in` are of this caller, and null with a `reason` where the budget is not the caller's.
    """

    name: str
    quota: int
    window_seconds: int
    left: int | None
    resets_in: int | None
    reason: str | None
    text: str


class Cost(Struct, frozen=True, kw_only=True):
    """What an operation costs, in units; what costs nothing is throttled by what went wrong."""

    operation: str
    cost: int


class Limits(Struct, frozen=True, kw_only=True):
    """What is given or taken at most; more is refused, never cut."""

    limits: list[Bound]
    budgets: list[Allowance]
    costs: list[Cost]


def bound(name: str, value: int, unit: str, text: str) -> Bound:
    """Return a limit."""
    return Bound(name=name, value=value, unit=unit, text=text)


LIMITS: Final = [
    bound("page_default", USUAL_LIMIT, "rows", "Rows of a page unless `limit` tells."),
    bound("page", LARGEST_LIMIT, "rows", "Rows of a page."),
    bound("groups", MOST_GROUPS, "groups", "Groups of closed lots."),
    bound("query", LONGEST_QUERY, "bytes", "Length of a query."),
    bound("body", LARGEST_BODY, "bytes", "Size of a request's body."),
    bound("request", REQUEST_SECONDS, "seconds", "Time that a request may take, statements apart."),
    bound("statement", STREAM_SECONDS, "seconds", "Time that a statement may take."),
    bound("long_answers", lending.STREAMS_OF_ACCOUNT, "answers", "Statements and metrics of an account at a time."),
    bound("access_token", int(LIFETIMES.bearer.total_seconds()), "seconds", "Life of an access token."),
    bound("server_key", BOUND_LASTS.days, "days", "Life of a server key that is bound to networks."),
    bound("server_key_unbound", UNBOUND_LASTS.days, "days", "Life of a server key that is good from everywhere."),
    bound("publishable_key", PUBLISHABLE_LASTS.days, "days", "Life of a publishable key."),
    bound("keys", MOST_KEYS, "keys", "Keys of an account."),
    bound("proof", int(PROOF_LASTS.total_seconds()), "seconds", "How long a password counts as just shown."),
    bound("refresh_token", int(LIFETIMES.refresh.total_seconds()), "seconds", "Life of a refresh token."),
]
TEXTS: Final = {
    CREDENTIAL: "Of each credential, in each web process; of a publishable key, its share of `reads_per_minute`.",
    NETWORK: "Of each /24 or /64 whose callers show no good credential, in each web process.",
    ACCOUNT: "Of the public at each open account, in each web process: the owner spends nothing of it.",
}


@read("/whoami", tag="service", need=Public.PUBLIC, answer=Caller)
async def show_caller(call: Call) -> Caller:
    """Show which address and which token the server sees, to find out why access is refused."""
    (shown, refused), client = await recognised(call), seen(call.request)
    return Caller(
        address=None if client.address is None else str(client.address),
        address_from=client.derived_from,
        address_reason=client.why,
        hops=list(client.hops),
        authenticated=shown is not None,
        login=shown.login if shown else None,
        family=shown.family if shown else None,
        refused=refused,
    )


@read("/limits", tag="service", need=Public.PUBLIC, answer=Limits)
async def show_limits(call: Call) -> Limits:
    """Show what is given and taken at most, what of it is left for the caller, and what each operation costs.

    Requests are counted in units. The headers `RateLimit-Policy` and `RateLimit` tell of the same budgets with every
    answer. An answer that an open account's public has already (304 by its `ETag`) costs nothing, but for
    long work.
    """
    await recognised(call)
    budgets: Budgets = call.request.app.state.budgets
    own = {each.name: each for each in spending.standings(call.request.scope)}
    return Limits(
        limits=LIMITS,
        budgets=[left(each, own.get(each.name)) for each in (budgets.credential, budgets.network, budgets.account)],
        costs=costs(call.request.app),
    )


def left(budget: Budget, standing: Standing | None) -> Allowance:
    """Say a budget, and what is left of it if it is the caller's."""
    return Allowance(
        name=budget.name,
        quota=standing.quota if standing else budget.quota,
        window_seconds=WINDOW_SECONDS,
        left=standing.left if standing else None,
        resets_in=standing.resets_in if standing else None,
        reason=None if standing else "This request spent nothing of it.",
        text=TEXTS[budget.name],
    )


@cache
def costs(app: Litestar) -> list[Cost]:
    """Return what each operation costs."""
    return sorted((Cost(operation=each.id, cost=each.cost) for each in found(app)), key=lambda each: each.operation)


async def recognised(call: Call) -> tuple[Bearer | None, str | None]:
    """Return whose token the caller shows, if it is good from here, and else why not.

    If it is, then the request spends of its budget.
    """
    request, token = call.request, bearer(call.request.headers)
    if token is None:
        return None, None
    kind = access.kind_of(token)
    shown = await access.bearer(call.conn, token, kind)
    if refused := access.refusal_elsewhere(shown, caller.address(request), caller.origin(request)):
        tell_refusal(request, shown.login, refused)
        return None, refused
    spending.recognise(request, token, kind, shown)
    return shown, None
