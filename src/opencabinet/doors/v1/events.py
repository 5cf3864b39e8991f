"""Events as they come, over Server-Sent Events, and the tickets that a browser opens them with."""

import re
from typing import Any, Final

from litestar import Request, Response
from msgspec import UNSET, Struct, UnsetType

from opencabinet import access
from opencabinet.access import Function
from opencabinet.access.credentials.origins import origin as spelled
from opencabinet.doors import caller, gate
from opencabinet.doors.body import whole
from opencabinet.doors.stream import EventStream, NoSuchEvent, Streams
from opencabinet.doors.stream.watch import LONGEST_SECONDS
from opencabinet.doors.v1 import query
from opencabinet.doors.v1.changes import SINCE, read_since
from opencabinet.doors.v1.keys import Origin
from opencabinet.doors.v1.operation import Call, handler, write
from opencabinet.doors.v1.problems import Invalid, NoSuchEventHere
from opencabinet.doors.v1.query import LONGEST_NAME, Parameter
from opencabinet.doors.v1.words import Time, time

LAST_SEEN: Final = "last-event-id"
LATE_SECONDS: Final = 60.0
MOST_TYPES: Final = 20
ONE_TYPE: Final = r"[a-z_]{1,40}\.([a-z_]{1,40}|\*)"
TYPES: Final = re.compile(rf"{ONE_TYPE}(,{ONE_TYPE}){{0,{MOST_TYPES - 1}}}", re.ASCII)


def read_types(text: str) -> tuple[str, ...]:
    """Return types of events."""
    if not TYPES.fullmatch(text):
        raise Invalid("types", f"Give at most {MOST_TYPES} types such as trade.closed or trade.*, with commas.")
    return tuple(dict.fromkeys(text.split(",")))


OF_TYPES: Final = Parameter(
    name="types",
    read=read_types,
    text="Only events of these types, with commas between them: `trade.closed`, or `trade.*` for all that begin so.",
    schema={"type": "string", "pattern": f"^{TYPES.pattern}$"},
    usual=(),
    example="trade.*,movement.*",
)
TICKET: Final = Parameter(
    name="ticket",
    read=query.named("ticket"),
    text="A ticket in the place of a credential, for browsers: it is good for one request.",
    schema={"type": "string", "maxLength": LONGEST_NAME},
)
PARAMETERS: Final = (SINCE, OF_TYPES, TICKET)
FORM: Final = "text/event-stream"
EXAMPLE: Final = """retry: 2000

id: evt_1001001_57
event: movement.booked
data: {"id":"evt_1001001_57","type":"movement.booked","login":1001001,"number":57,"at":"2026-10-30T18:05:00.000Z",\
"data":{"ticket":9001,"kind":"deposit","amount":"500","moved_at":"2026-10-30T18:04:59.000Z","comment":""}}

: heartbeat
id: evt_1001001_57
event: heartbeat
data: {"last_event_id":"evt_1001001_57"}

"""
"""What a stream says."""


class TicketRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """On pages of which `origin` the ticket is good; on those of the page that asks if a browser does, else on any."""

    origin: Origin | UnsetType = UNSET


class TicketMade(Struct, frozen=True):
    """A ticket. Show it as `?ticket=…` where a stream begins, once, before it expires."""

    ticket: str
    expires_at: Time

    def __repr__(self) -> str:
        return "TicketMade(***)"


@write(
    "POST",
    "/accounts/{login}/tickets",
    tag="changes",
    need=Function.CHANGES,
    answer=TicketMade,
    body=TicketRequest,
    status=201,
    fresh=False,
    once=True,
)
async def create_ticket(call: Call, asked: TicketRequest) -> TicketMade:
    """Make a ticket, with which a browser opens a stream: it can send no credential there.

    It is good for a minute and for one stream, which ends with the credential that you show now. At most 20 of a
    credential wait to be used.
    """
    bearer = caller.bearer(call.request)
    if bearer is None:
        raise access.AccessDenied
    given = asked.origin if asked.origin is not UNSET else caller.origin(call.request)
    made = await access.make_ticket(call.conn, bearer, None if given is None else spelled(given))
    return TicketMade(made.secret, time(made.expires_at))


async def follow_events(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Follow the events of an account as they come, as Server-Sent Events.

    Each has the `id`, the type and the JSON that the list of changes shows. With `since`, or the header `Last-Event-ID`
    that browsers send by themselves, it begins after that event; otherwise with what comes. At least every 15 seconds
    there is a `heartbeat` with the last id. `gap` tells that some events asked for are kept no longer, `slow` that you
    did not read what waited for you and how much was dropped, and `end` why the stream ends: come back then with the
    last id. A stream ends within seconds when its credential does, or when a rule of the account says no.
    """
    asked = query.read(request.scope["query_string"], PARAMETERS)
    since = last_seen(request) or asked["since"]  # a browser that comes back still asks with the address it began with
    await whole(request)  # the server takes a receiving that is given up before the request's end for who left
    headers = {"Vary": "Authorization, Origin"} | of_page(request)
    if gate.bodiless(request):
        return Response(b"", headers=headers, media_type=FORM)
    told: Streams = request.app.state.told
    try:
        session = await told.open(caller.granted(request), caller.held(request), since=since, types=asked["types"])
    except NoSuchEvent as wrong:
        raise NoSuchEventHere("since") from wrong
    gate.extend(request, LONGEST_SECONDS + LATE_SECONDS)
    return EventStream(session, headers)


def last_seen(request: Request[Any, Any, Any]) -> str | None:
    """Return the last event that a browser saw before it came back."""
    shown: list[str] = request.headers.getall(LAST_SEEN, [])
    if len(shown) > 1:
        raise Invalid("Last-Event-ID", "It is given twice.")
    return read_since(shown[0].strip()) if shown and shown[0].strip() else None


def of_page(request: Request[Any, Any, Any]) -> dict[str, str]:
    """Let the page read that a ticket let in: it is on the origin of the ticket."""
    origin = caller.origin(request)
    shown = request.headers.get("authorization")
    return {} if origin is None or shown else {"Access-Control-Allow-Origin": origin}


follow = handler(
    follow_events,
    follow_events,
    "GET",
    "/accounts/{login}/events",
    tag="changes",
    need=Function.CHANGES,
    answer=None,
    given=PARAMETERS,
    forms=(FORM,),
    refusals=(422, 503),
    tickets=True,
)
