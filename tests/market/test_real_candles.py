"""Candles of real ticks and bars."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from itertools import groupby, islice

import pytest

from opencabinet import market
from opencabinet.db import Connection
from opencabinet.kernel.clock import clock
from opencabinet.market import Candle, Quote
from opencabinet.market.quotes import STEPS, Step
from opencabinet.market.quotes.candles import begins
from tests import needs
from tests.market.ticks import built, pieces, prices, tick

pytestmark = pytest.mark.usefixtures("server")
FXCM_SECONDS = (0, 15, 30, 59)
"""When the four prices of a bar are told again."""
BARS = 12_000
"""More than a week of minutes."""


@cache
def start(step: Step, minute: datetime) -> datetime:
    """Give when the candle begins that a minute lies in."""
    return begins(step, minute, clock("NewYork+7"))


def counted(ticks: Iterable[Quote], step: Step) -> list[tuple[object, ...]]:
    """Count candles of ticks that are in order, one after the other."""
    found: list[tuple[object, ...]] = []
    for at, within in groupby(ticks, key=lambda each: start(step, each.quoted_at.replace(second=0, microsecond=0))):
        rows = list(within)
        bids = [each.bid for each in rows if each.bid is not None]
        spread = min(each.ask - each.bid for each in rows if each.ask is not None and each.bid is not None)
        found.append((at, bids[0], max(bids), min(bids), bids[-1], len(rows), spread, rows[-1].quoted_at))
    return found


def spelled(candle: Candle) -> tuple[object, ...]:
    """Give a candle in the words of `counted`."""
    return (candle.at, *prices(candle), candle.ticks, candle.spread, candle.last_at)


def real_ticks(name: str, symbol: str) -> list[Quote]:
    """Read ticks of a real file in UTC."""
    with needs.data(f"market/{name}").open(newline="") as file:
        return [
            tick(row["bid"], datetime.fromisoformat(row["timestamp"]).replace(tzinfo=UTC), row["ask"], symbol)
            for row in csv.DictReader(file)
        ]


async def test_candles_of_real_ticks_are_those_counted_one_by_one(conn: Connection) -> None:
    real = real_ticks("eurusd-ticks-2020-01-30.csv", "EURUSD")
    for batch in pieces(real, 5_000):
        await market.save_quotes(conn, batch)

    assert len(real) == 99_308
    for step in STEPS:
        assert [spelled(each) for each in await built(conn, step)] == counted(real, step), step
    # The file goes from Thursday's 12:27 of the server to Friday's 18:59.
    assert [each.at for each in await built(conn, "D1")] == [
        datetime(2020, 1, 29, 22, tzinfo=UTC),
        datetime(2020, 1, 30, 22, tzinfo=UTC),
    ]


async def test_ticks_of_one_moment_all_count(conn: Connection) -> None:
    real = real_ticks("audusd-ticks-2020-01-30.csv", "AUDUSD")
    for batch in pieces(real, 10_000):
        await market.save_quotes(conn, batch)

    told = {(each.quoted_at, each.bid, each.ask) for each in real}
    assert sum(each.ticks for each in await built(conn, "H4", "AUDUSD")) == len(told)


def bars(name: str) -> Iterator[tuple[datetime, tuple[Decimal, ...]]]:
    """Give the bars of a month as a real file has them, in UTC."""
    with needs.data(f"market/{name}").open(newline="") as file:
        rows = csv.reader(file)
        next(rows)
        for stamp, *four in (row[:5] for row in rows):
            yield datetime.fromisoformat(stamp).replace(tzinfo=UTC), tuple(map(Decimal, four))


def replayed(name: str, symbol: str) -> Iterator[Quote]:
    """Give a file's bars as four ticks each: open, high, low and close."""
    for at, (opened, high, low, closed) in bars(name):
        for second, price in zip(FXCM_SECONDS, (opened, high, low, closed), strict=True):
            yield tick(price, at + timedelta(seconds=second), symbol=symbol)


def joined(rows: Sequence[tuple[datetime, tuple[Decimal, ...]]], step: Step) -> Iterator[tuple[object, ...]]:
    """Give longer bars of bars that are in order."""
    for at, within in groupby(rows, key=lambda row: start(step, row[0])):
        four = [each for _, each in within]
        yield at, four[0][0], max(each[1] for each in four), min(each[2] for each in four), four[-1][3]


@pytest.mark.parametrize(
    ("name", "symbol"), [("gbpusd-m1-bid-2012-02.csv", "GBPUSD"), ("usdjpy-m1-bid-2013-02.csv", "USDJPY")]
)
async def test_real_bars_replayed_as_ticks_give_back_the_same_bars(conn: Connection, name: str, symbol: str) -> None:
    real = list(islice(bars(name), BARS))
    for batch in pieces(islice(replayed(name, symbol), 4 * BARS), 20_000):
        await market.save_quotes(conn, batch)

    assert [(each.at, prices(each)) for each in await built(conn, "M1", symbol)] == real
    for step in ("H1", "H4", "D1"):
        assert [(each.at, *prices(each)) for each in await built(conn, step, symbol)] == list(joined(real, step))
