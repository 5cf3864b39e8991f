"""Tickets of widgets: the server of a site asks for one, and the frame of its visitor exchanges it for a token."""

import time as clock
from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal

import msgspec
from litestar import Request, Response
from msgspec import Meta, Struct

from opencabinet import access
from opencabinet.access import AccessDenied, Bearer, Decision, Function, Ground, Kind, Opened, Public
from opencabinet.access.credentials.origins import origin as spelled
from opencabinet.doors import caller, gate, lending, turn
from opencabinet.doors.telling import tell, telling
from opencabinet.doors.v1 import bodies, query
from opencabinet.doors.v1.events import TicketMade
from opencabinet.doors.v1.keys import Origin
from opencabinet.doors.v1.operation import handler
from opencabinet.doors.v1.tokens import JSON, bearer
from opencabinet.doors.v1.words import Time, time
from opencabinet.kernel.ids import LARGEST, Login

MOST_FUNCTIONS: Final = 8


class WidgetTicketRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """Which `functions` of which account a frame is to show, and on pages of which `origin` it stands."""

    login: Annotated[int, Meta(ge=1, le=LARGEST, examples=[1001001])]
    functions: Annotated[list[Function], Meta(min_length=1, max_length=MOST_FUNCTIONS)]
    origin: Origin


class ExchangeRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """A ticket, and the `origin` of the page that the frame stands on."""

    ticket: Annotated[str, Meta(min_length=1, max_length=128)]
    origin: Origin

    def __repr__(self) -> str:
        return "ExchangeRequest(***)"


class WidgetToken(Struct, frozen=True, kw_only=True):
    """Send the access token as `Authorization: Bearer …`. It opens `functions` only, on pages of `origin` only."""

    token_type: Literal["Bearer"]
    access_token: str
    expires_in: int
    expires_at: Time
    login: int
    functions: list[Function]
    origin: str

    def __repr__(self) -> str:
        return "WidgetToken(***)"


async def create_widget_ticket(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Make a ticket that a widget in a frame exchanges for a token, once and within a minute.

    For the server of your site: show a server key that opens these functions. Give the ticket to the frame behind the
    hash of its address (`#ticket=…`), which browsers send to nobody.
    """
    query.read(request.scope["query_string"], ())
    asked = await bodies.read(request, WidgetTicketRequest)
    origin, functions = spelled(asked.origin), list(dict.fromkeys(asked.functions))
    access.refuse_unfit(functions)
    by = await let_in(request, Login(asked.login), functions)
    with turn.aside(request):
        async with lending.pool(request).lend() as conn:
            made = await access.make_widget_ticket(conn, by, functions, origin)
    said = TicketMade(made.secret, time(made.expires_at))
    return Response(msgspec.json.encode(said), status_code=201, media_type=JSON)


async def let_in(request: Request[Any, Any, Any], login: Login, functions: list[Function]) -> Bearer:
    """Ask the judge whether a caller may read each of some functions, tell the history, and return who it is.

    Raises:
        AccessDenied: if the judge says no to any of them.
    """
    began, shown = clock.perf_counter(), bearer(request.headers)
    if shown is None:
        raise AccessDenied("No credential was shown.", Ground.NOTHING_SHOWN)
    kind = access.kind_of(shown)
    asked = [access.held(shown, kind, caller.asked(request, login, each)) for each in functions]
    with turn.aside(request):
        async with lending.pool(request).lend() as conn:
            decisions = await access.permit_held(conn, asked)
    for held, decision in zip(asked, map(of_server, decisions), strict=True):
        await tell(request, decision, held.ask, shown)
        if decision.granted is None or decision.bearer is None:
            with turn.aside(request):
                await gate.beat(began)
            raise AccessDenied(decision.rule, decision.ground or Ground.RULE)
    return found(decisions)


def of_server(decision: Decision) -> Decision:
    """Return a decision as it is for whoever makes tickets: no page does, whatever it may read itself."""
    by = decision.bearer
    if decision.granted is None or (by is not None and by.kind is not Kind.PUBLISHABLE and not by.origins):
        return decision
    rule = "what pages show makes no tickets"
    return msgspec.structs.replace(decision, granted=None, rule=rule, ground=Ground.RULE)


def found(decisions: list[Decision]) -> Bearer:
    """Return who was let in."""
    return next(each.bearer for each in decisions if each.bearer is not None)


async def exchange_ticket(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Exchange the ticket of a widget for a token of fifteen minutes that opens its functions and nothing else.

    A ticket is used by trying. Whoever shows one a second time ends the token: somebody else may have it.
    """
    query.read(request.scope["query_string"], ())
    asked = await bodies.read(request, ExchangeRequest)
    origin, source, limits = spelled(asked.origin), caller.source(request), gate.guesses(request)
    with telling(request, "token.request"):
        async with lending.guessing(request) as conn:
            opened = await access.exchange_ticket(conn, asked.ticket, origin, source, limits)
    return Response(msgspec.json.encode(said(opened)), status_code=201, media_type=JSON)


def said(opened: Opened) -> WidgetToken:
    """Say the token that a ticket was exchanged for."""
    left = opened.expires_at - datetime.now(UTC)
    return WidgetToken(
        token_type="Bearer",  # noqa: S106 - the name of the scheme
        access_token=opened.secret,
        expires_in=max(0, int(left.total_seconds())),
        expires_at=time(opened.expires_at),
        login=opened.login,
        functions=sorted(opened.functions),
        origin=opened.origin,
    )


create = handler(
    create_widget_ticket,
    create_widget_ticket,
    "POST",
    "/tickets",
    tag="tokens",
    need=Public.PUBLIC,
    answer=TicketMade,
    body=WidgetTicketRequest,
    status=201,
    refusals=(401, 403, 404, 413, 415),
)
exchange = handler(
    exchange_ticket,
    exchange_ticket,
    "POST",
    "/tickets/exchange",
    tag="tokens",
    need=Public.PUBLIC,
    answer=WidgetToken,
    body=ExchangeRequest,
    status=201,
    cost=0,
    refusals=(401, 413, 415),
)
