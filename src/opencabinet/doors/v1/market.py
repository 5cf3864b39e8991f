"""Quotes and candles of trading servers, which belong to no account."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from msgspec import Struct

from opencabinet import market
from opencabinet.access import Public
from opencabinet.doors.v1.listing import Interval, PageInfo
from opencabinet.doors.v1.operation import Call, read
from opencabinet.doors.v1.problems import Invalid, TooMuch
from opencabinet.doors.v1.query import LISTING, LONGEST_NAME, SPOKEN, Parameter, choice, named
from opencabinet.doors.v1.words import BrokerTime, Figure, Time, broker_time, figure, figure_or_none, time
from opencabinet.kernel.clock import Clock, clock
from opencabinet.kernel.page import NEWEST
from opencabinet.kernel.problem import Unknown
from opencabinet.market.quotes import STEPS, servers
from opencabinet.market.quotes import candles as kept
from opencabinet.market.quotes.candles import ends

MOST_SYMBOLS: Final = 100
LISTED: Final = rf"[^,\x00-\x1f\x7f-\x9f]{{1,{LONGEST_NAME}}}"
"""A symbol among others, with commas between them."""
WHICH: Final = "There are several trading servers: say which."


class NoSuchServer(Unknown):
    """There is no such trading server."""


def some(name: str) -> Any:
    """Return the reader of some names with commas between them."""
    read_one = named(name)

    def read_names(text: str) -> tuple[str, ...]:
        found = tuple(dict.fromkeys(text.split(",")))
        if len(found) > MOST_SYMBOLS:
            raise TooMuch(name, f"At most {MOST_SYMBOLS} are given at once.")
        return tuple(read_one(each) for each in found)

    return read_names


NAME: Final[Mapping[str, Any]] = {
    "type": "string",
    "minLength": 1,
    "maxLength": LONGEST_NAME,
    "pattern": SPOKEN,
}
SERVER: Final = Parameter(
    name="server",
    read=named("server"),
    text="The trading server; it need not be told where there is one only.",
    schema=NAME,
)
SYMBOLS: Final = Parameter(
    name="symbols",
    read=some("symbols"),
    text=f"Symbols with commas between them, in any letter case, at most {MOST_SYMBOLS}.",
    schema={"type": "string", "pattern": f"^{LISTED}(,{LISTED}){{0,{MOST_SYMBOLS - 1}}}$"},
    usual=(),
    required=True,
    example="EURUSD,USDJPY",
)
ONE: Final = Parameter(
    name="symbol",
    read=named("symbol"),
    text="The symbol, in any letter case.",
    schema=NAME,
    required=True,
    example="EURUSD",
)
STEP: Final = Parameter(
    name="step",
    read=choice("step", STEPS),
    text="How long a candle is; those of four hours and more begin by the server's clock, weeks on Sunday.",
    schema={"type": "string", "enum": list(STEPS), "default": "H1"},
    usual="H1",
)


class Quote(Struct, frozen=True, kw_only=True):
    """The last price of a symbol: what a seller gets and a buyer pays; a side that nobody told is null."""

    symbol: str
    bid: Figure | None
    ask: Figure | None
    quoted_at: Time


class Quotes(Struct, frozen=True, kw_only=True):
    """The last quotes of the symbols that are known, in the order they were asked for."""

    server: str
    data: list[Quote]


class Candle(Struct, frozen=True, kw_only=True):
    """What bids did within a step that begins at `at`: the first, the highest, the lowest and the last.

    `ticks` is how many there were, `spread` the narrowest between bid and ask, null where no ask was told. `complete`
    is false for the candle whose time is not over.
    """

    at: Time
    at_broker: BrokerTime
    open: Figure
    high: Figure
    low: Figure
    close: Figure
    ticks: int
    spread: Figure | None
    complete: bool

    @classmethod
    def of(cls, candle: market.Candle, by: Clock, now: datetime) -> "Candle":
        """Say a candle."""
        return cls(
            at=time(candle.at),
            at_broker=broker_time(candle.at, by.at(candle.at).offset),
            open=figure(candle.open),
            high=figure(candle.high),
            low=figure(candle.low),
            close=figure(candle.close),
            ticks=candle.ticks,
            spread=figure_or_none(candle.spread),
            complete=ends(candle.step, candle.at, by) <= now,
        )


class Candles(Struct, frozen=True, kw_only=True):
    """A page of the candles of a symbol, newest first."""

    server: str
    symbol: str
    step: str
    data: list[Candle]
    page: PageInfo
    period: Interval


@read("/quotes", tag="market", need=Public.PUBLIC, answer=Quotes, parameters=(SERVER, SYMBOLS), refusals=(404, 422))
async def show_quotes(call: Call) -> Quotes:
    """Show the last quotes of symbols, each with its time.

    What nobody quotes is left out. Prices belong to no account, so everybody may read them.
    """
    if not call.query["symbols"]:
        raise Invalid("symbols", "Say which symbols, with commas between them.")
    async with call.conn.snapshot():
        server, _ = await chosen(call)
        found = await market.quotes(call.conn, server, call.query["symbols"])
    rows = {each.symbol.lower(): each for each in found.values()}
    return Quotes(
        server=server,
        data=[
            Quote(
                symbol=each.symbol,
                bid=figure_or_none(each.bid),
                ask=figure_or_none(each.ask),
                quoted_at=time(each.quoted_at),
            )
            for each in rows.values()
        ],
    )


@read(
    "/candles",
    tag="market",
    need=Public.PUBLIC,
    answer=Candles,
    parameters=(SERVER, ONE, STEP, *LISTING),
    refusals=(404, 422),
)
async def list_candles(call: Call) -> Candles:
    """List the candles of a symbol that begin within a period, newest first.

    They are of bids, and of the newest minute as well: it is marked until its time is over.
    """
    symbol, step = call.query["symbol"], call.query["step"]
    if symbol is None:
        raise Invalid("symbol", "Say which symbol.")
    async with call.conn.snapshot():
        server, by = await chosen(call)
        question = f"/v1/candles {server}?{call.query.text}"
        cursor = call.query["cursor"]
        below = call.sealer.open(cursor, question) if cursor else NEWEST
        page = await kept(
            call.conn, server, symbol, step, period=call.query.period, below=below, limit=call.query["limit"]
        )
    next_cursor = None if page.next is None else call.sealer.seal(page.next, question)
    return Candles(
        server=server,
        symbol=symbol,
        step=step,
        data=[Candle.of(each, by, call.now) for each in page.rows],
        page=PageInfo(next_cursor, next_cursor is not None, call.query["limit"]),
        period=Interval.of(call.query.period, "at"),
    )


async def chosen(call: Call) -> tuple[str, Clock]:
    """Return the server that is asked for, or the only one there is, with its clock.

    Raises:
        NoSuchServer: if there is none of the name.
        Invalid: if none was named among several.
    """
    asked = call.query["server"]
    found = await servers(call.conn, asked, limit=2)
    if not found:
        raise NoSuchServer
    if len(found) > 1:
        raise Invalid("server", WHICH)
    return found[0].server, clock(found[0].clock)
