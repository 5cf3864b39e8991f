"""Bringing in rows of a trading server, as lines of JSON: all of a batch is taken, or nothing."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final, Self

from litestar import Request, Response
from litestar.exceptions import InternalServerException
from msgspec import Struct

from opencabinet.access import Feeder, Machine
from opencabinet.db import Pool
from opencabinet.doors import gate, turn
from opencabinet.doors.intake import Intake
from opencabinet.doors.v1 import answers, query
from opencabinet.doors.v1.operation import handler
from opencabinet.doors.v1.problems import Invalid, TooSlow, UnsupportedMedia
from opencabinet.doors.v1.query import Parameter, Query
from opencabinet.doors.v1.words import Time, time_or_none
from opencabinet.ingest.feeds import push
from opencabinet.ingest.feeds.model import Row, Told
from opencabinet.ingest.feeds.push import Delivery, Lines, Receipt, SequenceGap, Shapes
from opencabinet.kernel.problem import Malformed

NDJSON: Final = "application/x-ndjson"
SEQUENCE_HEADER: Final = "x-feed-sequence"
READ_SECONDS: Final = 30.0
TAKE_SECONDS: Final = 60.0
"""How long a body may take to come, and then its rows to be kept."""
EARLY_SECONDS: Final = 2.0
EARLY_PAUSE: Final = 0.02
"""How long a batch that was read waits for the one before it, and how often it looks."""
PIECE: Final = 64 * 1024
AHEAD: Final = timedelta(minutes=5)
"""How far a source's clock may be before ours."""
NUMBER: Final = re.compile(r"[0-9]{1,18}", re.ASCII)


class Ingested(Struct, frozen=True, kw_only=True):
    """What became of a batch: rows told, of them new and changed, gone, and waiting for their account.

    `as_of` is up to when the feed has told all. A batch that was taken before is `replayed`: nothing was done, so
    the counts are of nothing.
    """

    server: str
    sequence: int
    rows: int
    new: int
    changed: int
    gone: int
    parked: int
    accounts: int
    as_of: Time | None
    replayed: bool

    @classmethod
    def of(cls, receipt: Receipt) -> Self:
        """Say a receipt."""
        done = receipt.applied
        return cls(
            server=receipt.server,
            sequence=receipt.sequence,
            rows=done.rows,
            new=done.new,
            changed=done.changed,
            gone=done.gone,
            parked=done.parked,
            accounts=done.accounts,
            as_of=time_or_none(receipt.as_of),
            replayed=receipt.replayed,
        )


def read_sequence(text: str) -> int:
    """Read the number of a batch."""
    if not NUMBER.fullmatch(text):
        raise Invalid("sequence", "Give a whole number of at most 18 digits.")
    return int(text)


SERVER: Final = Parameter(
    name="server",
    read=query.named("server"),
    required=True,
    text="The trading server, one that the key was made for.",
    schema={"type": "string", "minLength": 1, "maxLength": query.LONGEST_NAME, "pattern": query.SPOKEN},
    example="Demo-1",
)
SEQUENCE: Final = Parameter(
    name="sequence",
    read=read_sequence,
    text="The batch's number, one more than that of the batch before; the first may be any. Or as `X-Feed-Sequence`.",
    schema={"type": "integer", "minimum": 0, "maximum": 10**18 - 1},
    example="1",
)
WHOLE: Final = Parameter(
    name="whole",
    read=query.words("whole", ("open", "working")),
    text="What is told completely: open trades, or working orders, of this server that are not told are no more.",
    schema={"type": "string", "pattern": "^(open|working)(,(open|working))*$"},
    usual=(),
    example="open,working",
)
AS_OF: Final = Parameter(
    name="as_of",
    read=query.moment("as_of"),
    text="Up to when the source has told all; answers about its accounts carry it as `X-Feed-As-Of`.",
    schema=query.DATE_TIME,
    example="2026-11-02T12:00:00Z",
)
BULK: Final = query.one_of(
    "bulk", ("true", "false"), "Whether one event tells of all of an account's rows, as for a first load.", "false"
)
PARAMETERS: Final = (SERVER, SEQUENCE, WHOLE, AS_OF, BULK)


async def take_rows(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Bring in rows of a trading server.

    Each line of the body is a row: a flat JSON object whose `row` is account, deal, closed, open, order, movement,
    instrument, quote or gone. Figures are decimals, as text or as plain numbers; times are RFC 3339. The batch is kept
    with its number in one transaction, or nothing of it. A number that was taken before is answered and changes
    nothing, whatever the body says. One batch may be sent ahead while the one before it is being kept. It needs a feed
    key, which the operator makes; no account's key opens this.
    """
    asked = query.read(request.scope["query_string"], PARAMETERS)
    number = numbered(request, asked)
    refuse_form(request)
    refuse_future(asked["as_of"])
    intake: Intake = request.app.state.intake
    feeding: Pool = request.app.state.feeding
    feeder = gate.feeder(request)
    with turn.aside(request):  # feeds have places of their own
        async with intake.place(feeder.server) as keeping:
            gate.extend(request, READ_SECONDS + 2 * TAKE_SECONDS)
            async with feeding.lend() as conn:
                if replayed := await push.foresee(conn, feeder, number):
                    return answers.written(Ingested.of(replayed), 200)
            delivery = Delivery(
                sequence=number,
                rows=await rows(request),
                as_of=asked["as_of"],
                whole=frozenset(asked["whole"]),
                bulk=asked["bulk"] == "true",
            )
            receipt = await in_turn(partial(taken, keeping, feeding, feeder, delivery))
    return answers.written(Ingested.of(receipt), 200)


async def taken(keeping: asyncio.Lock, feeding: Pool, feeder: Feeder, delivery: Delivery) -> Receipt:
    """Take a delivery; another one of its server in this process waits without a connection."""
    async with keeping, feeding.lend() as conn:
        return await push.take(conn, feeder, delivery)


async def in_turn(take: Callable[[], Awaitable[Receipt]]) -> Receipt:
    """Take a batch as soon as the one before it is taken, which may be on its way to this process or another.

    Raises:
        SequenceGap: if it is not taken for two seconds.
    """
    until = time.monotonic() + EARLY_SECONDS
    while True:
        try:
            return await take()
        except SequenceGap:
            if time.monotonic() > until:
                raise
        await asyncio.sleep(EARLY_PAUSE)


def numbered(request: Request[Any, Any, Any], asked: Query) -> int:
    """Return the batch's number, from the query or the header.

    Raises:
        Invalid: if it is not told, or told twice.
    """
    told = request.headers.getall(SEQUENCE_HEADER, [])
    found = [*map(read_sequence, told), *([] if asked["sequence"] is None else [asked["sequence"]])]
    if len(found) != 1:
        raise Invalid("sequence", "Say the batch's number once.")
    number: int = found[0]
    return number


def refuse_form(request: Request[Any, Any, Any]) -> None:
    """Refuse a body that is not said to be lines of JSON, or is packed.

    Raises:
        UnsupportedMedia: for that.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != NDJSON:
        raise UnsupportedMedia(f"Send the rows as {NDJSON}.")
    if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise UnsupportedMedia("Send the rows as they are, not packed.")


def refuse_future(as_of: datetime | None) -> None:
    """Refuse a source that knows what has not been yet.

    Raises:
        Invalid: if it is before us by more than clocks differ.
    """
    if as_of is not None and as_of > datetime.now(UTC) + AHEAD:
        raise Invalid("as_of", "It is in the future.")


async def rows(request: Request[Any, Any, Any]) -> list[Told]:
    """Read the rows of a body as they come; others have their turn between its pieces.

    Raises:
        TooSlow: if it does not come.
        BadLine: for the first line that is no row.
    """
    lines = Lines(shapes=Shapes())
    try:
        async with asyncio.timeout(READ_SECONDS):
            async for chunk in request.stream():
                for begin in range(0, len(chunk), PIECE):
                    lines.take(chunk[begin : begin + PIECE])
                    await asyncio.sleep(0)
    except TimeoutError:
        raise TooSlow from None
    except InternalServerException as broken:
        raise Malformed("The body broke off.") from broken
    return lines.end()


bring: Final = handler(
    take_rows,
    take_rows,
    "POST",
    "/ingest",
    tag="feeds",
    need=Machine.FEED,
    answer=Ingested,
    given=PARAMETERS,
    lines=Row,
    refusals=(404, 408, 409, 413, 415, 422),
    cost=0,
)
