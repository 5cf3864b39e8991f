"""What was sent to webhooks, what waits, and sending it again."""

from datetime import datetime
from typing import Annotated, Any, Final, Literal, Self

from msgspec import UNSET, Meta, Struct, UnsetType

from opencabinet import webhooks
from opencabinet.access import Function
from opencabinet.db import outbox
from opencabinet.doors.v1.listing import PageInfo
from opencabinet.doors.v1.operation import Call, numbered, read, write
from opencabinet.doors.v1.query import CURSOR, Parameter, one_of, whole
from opencabinet.doors.v1.webhooks import WEBHOOK
from opencabinet.doors.v1.words import Time, time, time_or_none
from opencabinet.kernel.ids import LARGEST
from opencabinet.kernel.page import NEWEST, Key
from opencabinet.kernel.problem import Malformed
from opencabinet.webhooks import Attempt, Delivery, Page

MOST_LISTED: Final = 100
USUALLY_LISTED: Final = 20
EventId = Annotated[
    str, Meta(max_length=64, pattern=r"^evt_[1-9][0-9]{0,18}_(0|[1-9][0-9]{0,18})$", examples=["evt_1001001_57"])
]


class TestEvent(Struct, frozen=True):
    """The event that is sent as a test."""

    event: str


class AttemptShown(Struct, frozen=True, kw_only=True):
    """An attempt: the status that was answered, null if nothing was, and how the body of the answer began."""

    at: Time
    status: int | None
    outcome: str
    milliseconds: int
    body: str

    @classmethod
    def of(cls, attempt: Attempt) -> Self:
        """Say an attempt."""
        return cls(
            at=time(attempt.at),
            status=attempt.status,
            outcome=attempt.outcome,
            milliseconds=attempt.milliseconds,
            body=attempt.body,
        )


class DeliveryShown(Struct, frozen=True, kw_only=True):
    """An event on its way, or there. `held` ones wait while the webhook is paused; `log` has the newest attempts."""

    event: str
    type: str
    state: Literal["waiting", "held", "sending", "delivered", "failed"]
    attempts: int
    queued_at: Time
    next_at: Time | None
    ended_at: Time | None
    log: list[AttemptShown]

    @classmethod
    def of(cls, delivery: Delivery, log: list[Attempt]) -> Self:
        """Say a delivery."""
        return cls(
            event=outbox.event_id(delivery.login, delivery.event),
            type=delivery.kind,
            state=delivery.state,
            attempts=delivery.attempts,
            queued_at=time(delivery.queued_at),
            next_at=time_or_none(delivery.next_at),
            ended_at=time_or_none(delivery.ended_at),
            log=list(map(AttemptShown.of, log)),
        )


class Deliveries(Struct, frozen=True):
    """Deliveries of a webhook, those of the newest events first."""

    data: list[DeliveryShown]
    page: PageInfo


class ReplayRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is sent again: one `event`, or every event after `since`, or from `since_at` on, that passes the filters."""

    event: EventId | UnsetType = UNSET
    since: EventId | UnsetType = UNSET
    since_at: Annotated[datetime, Meta(tz=True)] | UnsetType = UNSET


class Replayed(Struct, frozen=True):
    """How many events are sent; `last` is the last one that was looked at: go on `since` it if `has_more`."""

    queued: int
    last: str
    has_more: bool


ONE_OF_THREE: Final[dict[str, Any]] = {
    "oneOf": [{"required": [name]} for name in ("event", "since", "since_at")],
}
LIMIT: Final = Parameter(
    name="limit",
    read=whole("limit", MOST_LISTED),
    text=f"At most so many rows; more than {MOST_LISTED} are refused.",
    schema={"type": "integer", "minimum": 1, "maximum": MOST_LISTED, "default": USUALLY_LISTED},
    usual=USUALLY_LISTED,
)
STATE: Final = one_of("state", ("waiting", "held", "sending", "delivered", "failed"), "Only those in this state.")


@write(
    "POST",
    "/accounts/{login}/webhooks/{id}/test",
    tag="webhooks",
    need=Function.WEBHOOKS,
    answer=TestEvent,
    status=202,
    fresh=False,
    refusals=(409,),
    once=True,
)
async def test_webhook(call: Call) -> TestEvent:
    """Send an event `webhook.test` to this webhook alone, whatever its filters; see the deliveries for what came."""
    number = await webhooks.test(call.conn, call.login, numbered(call, WEBHOOK))
    return TestEvent(outbox.event_id(call.login, number))


@read(
    "/accounts/{login}/webhooks/{id}/deliveries",
    tag="webhooks",
    need=Function.WEBHOOKS,
    answer=Deliveries,
    parameters=(STATE, CURSOR, LIMIT),
)
async def list_deliveries(call: Call) -> Deliveries:
    """List what was sent to a webhook and what waits, those of the newest events first; kept for 30 days."""
    limit, below = call.query["limit"], call.below
    found: Page = await webhooks.page(
        call.conn,
        call.login,
        numbered(call, WEBHOOK),
        below=LARGEST if below == NEWEST else below.id,
        limit=limit,
        state=call.query["state"],
    )
    rows = [DeliveryShown.of(each, found.attempts.get(each.event, [])) for each in found.rows]
    following = None if found.next is None else Key(found.rows[-1].queued_at, found.next)
    return Deliveries(rows, PageInfo(call.seal(following), following is not None, limit))


@write(
    "POST",
    "/accounts/{login}/webhooks/{id}/replay",
    tag="webhooks",
    need=Function.WEBHOOKS,
    answer=Replayed,
    body=ReplayRequest,
    rule=ONE_OF_THREE,
    status=202,
    fresh=False,
    refusals=(409,),
    once=True,
)
async def replay(call: Call, asked: ReplayRequest) -> Replayed:
    """Send events again that were sent, failed, or happened while the webhook was paused or not yet made.

    One replay looks through 1,000 events at most, and says where to go on.
    """
    number = numbered(call, WEBHOOK)
    match asked:
        case ReplayRequest(event=str(event), since=UnsetType(), since_at=UnsetType()):
            found = await webhooks.replay(call.conn, call.login, number, own(call, event))
        case ReplayRequest(event=UnsetType(), since=str(event), since_at=UnsetType()):
            found = await webhooks.replay_since(call.conn, call.login, number, own(call, event))
        case ReplayRequest(event=UnsetType(), since=UnsetType(), since_at=datetime() as at):
            after = await webhooks.before(call.conn, call.login, at)
            found = await webhooks.replay_since(call.conn, call.login, number, after)
        case _:
            raise Malformed("Give one of `event`, `since` and `since_at`.")
    return Replayed(found.queued, outbox.event_id(call.login, found.last), found.more)


def own(call: Call, event: str) -> int:
    """Return the number of an event of the account.

    Raises:
        Malformed: if it is another account's.
    """
    read_as = outbox.read_id(event)
    if read_as is None or read_as[0] != call.login:
        raise Malformed("That is no event of this account.")
    return read_as[1]
