"""The last quotes of price histories, as platforms and collectors write them; what a file is, its first line tells.

| first line                                       | a line is                        | times                      |
| a header with `bid` or `ask`                     | a quote                          | with a zone, or the server's |
| a header with `close` (FXCM, MetaTrader 5, …)    | a bar, of bids unless said       | with a zone, or the server's |
| `2016.01.19,18:00,…` (MetaTrader 4)              | a bar, of bids unless said       | the server's                 |
| `20200101 170000065,…` (HistData)                | a quote                          | New York's winter time       |
| `20200101 170000;…` (HistData)                   | a bar, of bids unless said       | New York's winter time       |
"""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from itertools import chain
from typing import BinaryIO, Final, Literal

from msgspec import Struct

from opencabinet.kernel.clock import Clock
from opencabinet.kernel.money import plain
from opencabinet.kernel.problem import Malformed
from opencabinet.market import listing
from opencabinet.market.model import BadTable, Quote
from opencabinet.market.tables import Row, table

MOST: Final = 10_000
"""Symbols of one file."""

AHEAD: Final = timedelta(days=1)
"""A quote may be so far ahead of our clock: a later one would never be replaced."""

WINTER: Final = timezone(timedelta(hours=-5))
"""HistData's clock: New York's winter time all year."""

STAMP: Final = re.compile(
    r"(\d{4})[-.](\d\d)[-.](\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)? ?(Z|[+-]\d\d:?\d\d)?", re.ASCII
)
DENSE: Final = re.compile(r"(\d{4})(\d\d)(\d\d) (\d\d)(\d\d)(\d\d)(\d{3})?", re.ASCII)
TIMES: Final = ("timestamp", "datetime", "time", "date", "")
"""What a column of times is called; pandas gives its index no name."""

Side = Literal["bid", "ask"]


class Shape(Struct, frozen=True):
    """Which cells of a line say what: the time may be parted into two, and a price or the symbol may be missing."""

    stamp: Sequence[int]
    bid: int | None
    ask: int | None
    symbol: int | None = None


class Told(Struct, frozen=True):
    """What of quotes their file does not say: the server and its clock, the symbol, and which side bars are of."""

    server: str
    clock: Clock
    symbol: str | None = None
    side: Side = "bid"


def read(file: BinaryIO, told: Told, now: datetime) -> list[Quote]:
    """Return the last quote of each symbol in a file; of one moment the later line counts.

    Raises:
        BadTable: for a file with a bad line; it names the line and the column.
    """
    with table(file) as rows:
        return latest(rows, told, now)


def latest(rows: Iterator[Row], told: Told, now: datetime) -> list[Quote]:
    """Return the last quote of each symbol in a table."""
    first = next(rows, Row(1, []))
    shape = named(first, told.side) or nameless(first, told.side)
    if shape is None:
        raise BadTable(f"line {first.number}: it begins no history of prices that is known here.")
    if (shape.symbol is None) is (told.symbol is None):
        raise Malformed("Say the symbol with --symbol if the file has no column for it, and only then.")
    last: dict[str, Quote] = {}
    for row in rows if named(first, told.side) else chain([first], rows):
        keep(last, quote(row, shape, told), row, now)
    return list(last.values())


def keep(last: dict[str, Quote], each: Quote, row: Row, now: datetime) -> None:
    """Keep a quote that is not older than the one known."""
    if each.quoted_at > now + AHEAD:
        raise BadTable(f"line {row.number}, column time: it is yet to come.")
    known = last.get(each.symbol.lower())
    if known is None or known.quoted_at <= each.quoted_at:
        last[each.symbol.lower()] = each
    if len(last) > MOST:
        raise BadTable(f"line {row.number}: there are more than {MOST:,} symbols.")


def named(first: Row, side: Side) -> Shape | None:
    """Return the shape that a header tells, or None if the line is no header of prices."""
    names = [cell.strip(" <>").lower() for cell in first.cells]
    place = {name: names.index(name) for name in names}
    parted = "date" in place and "time" in place
    stamp = [place["date"], place["time"]] if parted else [place[name] for name in TIMES if name in place][:1]
    bars = "close" in place and not {"bid", "ask"} & {*place}
    prices = {side: place["close"]} if bars else place
    if not stamp or not {"bid", "ask"} & {*prices}:
        return None
    return Shape(stamp, prices.get("bid"), prices.get("ask"), place.get("symbol"))


def nameless(first: Row, side: Side) -> Shape | None:
    """Return the shape of a file without a header."""
    cells = [cell.strip() for cell in first.cells]
    if re.fullmatch(r"\d{8} \d{9}", " ".join(cells[:1])):
        return Shape([0], 1, 2)
    if re.fullmatch(r"\d{8} \d{6}", " ".join(cells[:1])):
        return bar([0], 4, side)
    if re.fullmatch(r"\d{4}\.\d\d\.\d\d \d\d:\d\d(:\d\d)?", " ".join(cells[:2])):
        return bar([0, 1], 5, side)
    return None


def bar(stamp: Sequence[int], close: int, side: Side) -> Shape:
    """Return the shape of bars that are of one side."""
    return Shape(stamp, close, None) if side == "bid" else Shape(stamp, None, close)


def quote(row: Row, shape: Shape, told: Told) -> Quote:
    """Return the quote that a line is of."""
    bid, ask = price(row, shape.bid, "bid"), price(row, shape.ask, "ask")
    if bid is None and ask is None:
        raise BadTable(f"line {row.number}: it has no price.")
    if bid is not None and ask is not None and bid > ask:
        raise BadTable(f"line {row.number}, column ask: {plain(ask)} is below the bid of {plain(bid)}.")
    symbol = told.symbol if shape.symbol is None else row.read(shape.symbol, "symbol", listing.symbol)
    return Quote(
        server=told.server,
        symbol=symbol or "",
        bid=bid,
        ask=ask,
        quoted_at=moment(row, shape.stamp, told.clock),
        told_by="operator",
    )


def price(row: Row, place: int | None, column: str) -> Decimal | None:
    """Return the price in a cell, None for an empty one."""
    return None if place is None else row.read(place, column, listing.positive)


def moment(row: Row, places: Sequence[int], clock: Clock) -> datetime:
    """Return the time of a line in UTC."""
    text = " ".join(row.read(place, "time", str) for place in places)
    try:
        return stamped(STAMP.fullmatch(text) or DENSE.fullmatch(text), clock)
    except (ValueError, OverflowError) as wrong:
        raise BadTable(f"line {row.number}, column time: {text[:40]!r} is no time.") from wrong


def stamped(found: re.Match[str] | None, clock: Clock) -> datetime:
    """Return the time that a match spells, in UTC."""
    if found is None:
        raise ValueError
    year, month, day, hour, minute, second, part = (each or "0" for each in found.groups()[:7])
    clocked = (int(each) for each in (year, month, day, hour, minute, second))
    wall = datetime(*clocked, int(part.ljust(6, "0")[:6]))  # type: ignore[arg-type,call-arg]  # noqa: DTZ001 - a zone follows
    if found.re is DENSE:
        return wall.replace(tzinfo=WINTER).astimezone(UTC)
    zone = found[8]
    if not zone:
        return clock.moment(wall).at
    return datetime.fromisoformat(f"{wall.isoformat()}{zone}").astimezone(UTC)
