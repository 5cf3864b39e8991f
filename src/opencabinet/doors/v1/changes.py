"""What changed of an account since an event that is known, and what there is to begin with."""

import re
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta, Struct

from opencabinet import trades
from opencabinet.access import Function
from opencabinet.db import outbox
from opencabinet.doors import stream
from opencabinet.doors.priced import valued
from opencabinet.doors.v1.accounts import Balance
from opencabinet.doors.v1.operation import Call, read
from opencabinet.doors.v1.percents import Percents
from opencabinet.doors.v1.problems import Invalid, NoSuchEventHere
from opencabinet.doors.v1.query import LIMIT, LONGEST_NAME, Parameter
from opencabinet.doors.v1.words import Time

EVENT: Final = r"^evt_[1-9][0-9]{0,18}_(0|[1-9][0-9]{0,18})$"
EventId = Annotated[
    str,
    Meta(
        pattern=EVENT,
        description="An event's id: the account's login, and a number that counts its events without a gap.",
        examples=["evt_1001001_57"],
    ),
]


def read_since(text: str) -> str:
    """Return the id of an event."""
    if not re.fullmatch(EVENT, text, re.ASCII):
        raise Invalid("since", "Give the id of an event (evt_1001001_57).")
    return text


SINCE: Final = Parameter(
    name="since",
    read=read_since,
    text="The last event that is known: what came after it is told. `last_event_id` of an answer, or an event's `id`.",
    schema={"type": "string", "pattern": EVENT, "maxLength": LONGEST_NAME},
)


class Event(Struct, frozen=True, kw_only=True):
    """Something that changed. `number` counts the events of the account; what `data` holds depends on the `type`."""

    id: EventId
    type: str
    login: int
    number: int
    at: Time
    data: dict[str, Any]


class State(Struct, frozen=True, kw_only=True):
    """What there is at `last_event_id`, to begin from."""

    balance: Balance
    open_trades: int


class Changes(Struct, frozen=True, kw_only=True):
    """Events after the one that is known, the oldest first.

    Ask again with `last_event_id` as `since`: at once where `has_more`. Without `since` no event is told, only the
    `state` to begin from. `gap` tells that events after `since` are kept no longer: then `data` begins at
    `oldest_event_id`, and what was missed is read anew from the lists.
    """

    data: list[Event]
    last_event_id: EventId
    oldest_event_id: EventId | None
    has_more: bool
    gap: bool
    state: State


@read(
    "/accounts/{login}/changes",
    tag="changes",
    need=Function.CHANGES,
    answer=Changes,
    parameters=(SINCE, LIMIT),
)
async def list_changes(call: Call) -> Changes:
    """List what changed since an event, oldest first; without one, show what there is to begin from.

    The ids are those of the streams and of webhooks, so you can go on from one with another. Numbers leave no gap, and
    an event is told only when all before it are. Events are kept for 30 days unless the operator chose otherwise.
    """
    since, limit = call.query["since"], call.query["limit"]
    async with call.conn.snapshot():
        span = await outbox.span(call.conn, call.login)
        try:
            start = stream.start_of(call.login, span, since)
        except stream.NoSuchEvent as wrong:
            raise NoSuchEventHere("since") from wrong
        found = await outbox.since(call.conn, call.login, start.number, limit + 1)
        state = await state_of(call)
    page = found[:limit]
    return Changes(
        data=[msgspec.json.decode(outbox.told(each), type=Event) for each in page],
        last_event_id=outbox.event_id(call.login, page[-1].number if page else start.number),
        oldest_event_id=None if span.first is None else outbox.event_id(call.login, span.first),
        has_more=len(found) > limit,
        gap=start.oldest is not None,
        state=state,
    )


async def state_of(call: Call) -> State:
    """Return what there is now."""
    worth = await valued(call.conn, call.login, call.view)
    opened = await trades.open_totals(call.conn, call.login)
    return State(balance=Balance.of(worth, Percents.of(worth.account, call.view)), open_trades=opened.trades)
