"""The WebSocket: who is let in, with what, and how the connection is closed."""

from collections.abc import Callable
from typing import Any, Final

import structlog
from litestar import WebSocket, websocket
from litestar.connection import ASGIConnection
from litestar.datastructures import Headers
from litestar.handlers import WebsocketRouteHandler

from opencabinet import access, accounts
from opencabinet.access import AccessDenied, Function, Ground, Held, Public
from opencabinet.doors import caller, gate, lending, ticketing
from opencabinet.doors.stream.conversation import Conversation
from opencabinet.doors.stream.places import Places
from opencabinet.doors.stream.session import Streams
from opencabinet.doors.stream.words import LARGEST_MESSAGE, Authenticate, Close, understood, written
from opencabinet.doors.telling import tell
from opencabinet.kernel.ids import Granted, Login
from opencabinet.kernel.problem import Malformed, Overloaded, Problem, Throttled

AUTH_SECONDS: Final = 10.0
BROWSERS: Final = "pages show a ticket"
log = structlog.get_logger(__name__)


def conversing(credential: Callable[[Headers], str | None]) -> WebsocketRouteHandler:
    """Return the WebSocket of a door, whose credentials are found in headers as the door does."""

    async def converse(socket: WebSocket[Any, Any, Any]) -> None:
        """Follow events and quotes over a WebSocket."""
        await serve(socket, credential)

    opt = {gate.NEED: Public.PUBLIC, ticketing.TICKETS: True}
    return websocket("/stream", opt=opt, name="stream.converse")(converse)


async def serve(socket: WebSocket[Any, Any, Any], credential: Callable[[Headers], str | None]) -> None:
    """Let somebody in, talk, and close."""
    streams: Streams = socket.app.state.told
    code: Close | None = None
    try:
        with streams.places.door(caller.network_of(socket)):
            await socket.accept()
            shown = await first_shown(socket, credential, streams.places)
            login, held = await admitted(socket, shown)
            session, talker = streams.let_in(login, held)
        try:
            async with lending.borrowed(socket) as conn:
                home = await accounts.home(conn, login)
            conversation = Conversation(socket, session, talker, home.server if home else None)
            talker.say(written("authenticated", login=login))
            code = await conversation.run()
        finally:
            session.close()
    except TimeoutError:
        code = Close.LATE
    except Problem as problem:
        code = close_of(problem)
    if code is not None:
        await socket.close(code=code, reason=code.name.lower().replace("_", " "))


def close_of(problem: Problem) -> Close:
    """Return how to close for a problem."""
    match problem:
        case AccessDenied(ground=Ground.RULE):
            return Close.REFUSED
        case AccessDenied():
            return Close.NO_CREDENTIAL
        case Throttled():
            return Close.TOO_MANY
        case Overloaded():
            return Close.OVERLOADED
    return Close.MALFORMED


async def first_shown(
    socket: WebSocket[Any, Any, Any], credential: Callable[[Headers], str | None], places: Places
) -> Authenticate:
    """Return what is shown: in a header, as a ticket in the address, or with the first message."""
    if token := credential(socket.headers):
        return Authenticate(token=token)
    if ticket := ticketing.shown(socket, socket.route_handler):
        return Authenticate(ticket=ticket)
    async with places.silence(caller.network_of(socket), AUTH_SECONDS):
        message: Any = await socket.receive()
    text = message.get("text")
    if text is None or len(text) > LARGEST_MESSAGE:
        raise Malformed
    said = understood(text)
    if not isinstance(said, Authenticate) or (said.token is None) == (said.ticket is None):
        raise AccessDenied("nothing was shown", Ground.NOTHING_SHOWN)
    return said


async def admitted(socket: ASGIConnection[Any, Any, Any, Any], shown: Authenticate) -> tuple[Granted, Held]:
    """Ask the judge for whoever shows something, and tell the history.

    Raises:
        AccessDenied: if the judge says no, or a page shows anything but a ticket: others may have written it.
    """
    if shown.ticket is None and "origin" in socket.headers:
        raise AccessDenied(BROWSERS, Ground.RULE)
    async with lending.guessing(socket) as conn:  # anybody may come as often as they like
        if shown.ticket is not None:
            decision, held = await access.permit_ticket(conn, shown.ticket, asked(socket, Login(0)))
        else:
            kind = access.kind_of(shown.token)
            known = await access.bearer(conn, shown.token or "", kind)
            held = access.held(shown.token, kind, asked(socket, known.login))
            decision = await access.permit(conn, shown.token, held.ask, kind)
    if decision.granted is None and not held.ask.login:
        log.info("refused", rule=decision.rule)
    else:
        await tell(socket, decision, held.ask, shown.token)
    if decision.granted is None:
        raise AccessDenied(decision.rule, decision.ground or Ground.RULE)
    return decision.granted, held


def asked(socket: ASGIConnection[Any, Any, Any, Any], login: Login) -> access.Ask:
    """Return the question that a conversation asks."""
    return caller.asked(socket, login, Function.CHANGES)
