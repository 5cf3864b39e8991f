import io
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from opencabinet.kernel.clock import clock
from opencabinet.kernel.problem import Malformed
from opencabinet.market import BadTable, Quote, history
from opencabinet.market.history import Told
from tests import make, needs

SERVER = clock("NewYork+7")


def read(text: str | bytes, *, symbol: str | None = "EURUSD", **given: Any) -> list[Quote]:
    """Read the last quotes of a file."""
    content = text.encode() if isinstance(text, str) else text
    return history.read(io.BytesIO(content), Told("S", SERVER, symbol, **given), make.NOW)


def last(text: str | bytes, **given: Any) -> tuple[str, str, str]:
    """Read the one last quote of a file: bid, ask and time."""
    [found] = read(text, **given)
    return str(found.bid), str(found.ask), f"{found.quoted_at:%Y-%m-%d %H:%M:%S.%f}"


@pytest.mark.parametrize(
    ("name", "bid", "ask", "at"),
    [
        ("eurusd-ticks-2020-01-30.csv", "1.10944", "1.10952", "2020-01-31 16:59:56.198000"),
        ("audusd-ticks-2020-01-30.csv", "0.67006", "0.67008", "2020-01-31 08:40:29.352000"),
        ("usdjpy-ticks-2013-01.csv", "86.836", "86.854", "2013-01-01 22:35:13.494000"),
        ("eurusd-ticks-histdata-2020-01-01.csv", "1.121300", "1.121320", "2020-01-02 04:00:52.125000"),
        ("gbpusd-m1-bid-2012-02.csv", "1.59208", "None", "2012-03-01 00:00:00.000000"),
        ("eurusd-h1-2017-2018.csv", "1.22904", "None", "2018-02-07 13:00:00.000000"),
        ("usdjpy-h1-mt4export.csv", "111.70500", "None", "2019-04-05 19:00:00.000000"),
        ("xauusd-m1-2026-02-mt5export.csv", "5278.17", "None", "2026-02-27 21:57:00.000000"),
        ("xauusd-h1-2021-2024-mt5export.csv", "2623.70", "None", "2024-12-31 19:00:00.000000"),
    ],
)
def test_the_last_quote_of_a_real_history_is_read(name: str, bid: str, ask: str, at: str) -> None:
    content = needs.data(f"market/{name}").read_bytes()

    assert last(content) == (bid, ask, at)


def test_bars_are_of_asks_if_that_is_said() -> None:
    assert last("time,close\n2026-01-05T10:00:00Z,1.2\n", side="ask")[:2] == ("None", "1.2")
    assert last("2026.01.05,10:00,1,2,3,1.2,9\n", side="ask")[:2] == ("None", "1.2")


def test_a_time_with_a_zone_is_as_it_says_and_one_without_is_the_servers() -> None:
    for text, at in (
        ("2026-01-05T10:00:00Z", "10:00:00.000000"),
        ("2026-01-05 10:00:00.123456789+02:00", "08:00:00.123456"),
        ("2026-01-05 10:00 +0200", "08:00:00.000000"),
        ("2026.01.05 10:00", "08:00:00.000000"),
        ("2026-07-06 10:00:00", "07:00:00.000000"),
        ("2026-01-05", "22:00:00.000000"),
    ):
        assert last(f"time,bid\n{text},1\n")[2].endswith(at), text


def test_bars_of_histdata_are_of_new_yorks_winter() -> None:
    assert last("20260706 170000;1.1;1.2;1.0;1.15;0\n") == ("1.15", "None", "2026-07-06 22:00:00.000000")


def test_a_file_with_symbols_gives_the_last_quote_of_each_whatever_its_case() -> None:
    found = read(
        "symbol,bid,ask,time\nEURUSD,1.1,1.2,2026-01-05T10:00:00Z\nGBPUSD,1.3,,2026-01-05T09:00:00Z\n"
        "eurusd,1.0,1.1,2026-01-05T09:59:59Z\nEurUsd,1.5,1.6,2026-01-05T10:00:00Z\n",
        symbol=None,
    )

    assert [(each.symbol, str(each.bid), str(each.ask)) for each in found] == [
        ("EurUsd", "1.5", "1.6"),
        ("GBPUSD", "1.3", "None"),
    ]
    assert {each.told_by for each in found} == {"operator"}


def test_a_history_told_backwards_gives_its_newest_quote() -> None:
    assert last("time,bid\n2026-01-05 10:00,3\n2026-01-05 09:00,2\n2026-01-04 09:00,1\n")[0] == "3"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_letters_and_ends_of_lines_do_not_matter(encoding: str, end: str) -> None:
    text = end.join(["<DATE>\t<TIME>\t<CLOSE>", "2026.01.05\t10:00:00\t1.25", "", ""])

    assert last(text.encode(encoding)) == ("1.25", "None", "2026-01-05 08:00:00.000000")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ["line 1"]),
        ("hello\n", ["line 1", "no history"]),
        ("time,open\n2026-01-05,1\n", ["line 1", "no history"]),
        ("time,bid\n2026-01-05,1\n2026-13-05,1\n", ["line 3", "column time", "2026-13-05"]),
        ("time,bid\n2026-01-05 24:01,1\n", ["line 2", "column time"]),
        ("time,bid\n2026-01-05 10:00+99:00,1\n", ["line 2", "column time"]),
        ("time,bid\n0001-01-01,1\n", ["line 2", "column time"]),
        ("time,bid\n2026-11-04,1\n", ["line 2", "yet to come"]),
        ("time,bid\n2026-01-05,1e5\n", ["line 2", "column bid", "1e5"]),
        ("time,bid\n2026-01-05,0\n", ["line 2", "column bid", "above zero"]),
        ("time,bid,ask\n2026-01-05,1,1\n2026-01-06,1,-1\n", ["line 3", "column ask", "above zero"]),
        ("time,bid,ask\n2026-01-05,1.1,1.1\n2026-01-06,1.2,1.1\n", ["line 3", "column ask", "below the bid of 1.2"]),
        ("time,bid\n2026-01-05\n", ["line 2", "column bid", "no such cell"]),
        ("time,bid,ask\n2026-01-05,,\n", ["line 2", "no price"]),
        ('time,bid\n2026-01-05,"1\n', ["line 2"]),
        ("time,bid\n2026-01-05," + "1" * 5000 + "\n", ["line 2", "4095"]),
        (b"time,bid\n2026-01-05,\xff\n", ["UTF-8"]),
        ("2026.01.05,10:00,1,2,3,x,9\n", ["line 1", "column bid"]),
    ],
)
def test_a_bad_line_refuses_the_file_and_is_named(text: str | bytes, words: list[str]) -> None:
    with pytest.raises(BadTable) as refused:
        read(text)

    for word in words:
        assert word in refused.value.detail


def test_the_symbol_is_said_once() -> None:
    with pytest.raises(Malformed, match="--symbol"):
        read("time,bid\n2026-01-05,1\n", symbol=None)
    with pytest.raises(Malformed, match="--symbol"):
        read("symbol,time,bid\nX,2026-01-05,1\n")


class Ticks(io.RawIOBase):
    """A file of many ticks that is never whole anywhere."""

    def __init__(self, lines: int) -> None:
        self.lines, self.made, self.rest = lines, 0, b"time,bid\n"

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        assert (offset, whence) in {(0, 0), (0, 1)}
        return 0

    def readinto(self, buffer: Any) -> int:
        while len(self.rest) < len(buffer) and self.made < self.lines:
            self.rest += b"2026-01-05 10:00:00,1.23456\n"
            self.made += 1
        part, self.rest = self.rest[: len(buffer)], self.rest[len(buffer) :]
        buffer[: len(part)] = part
        return len(part)


def test_a_long_history_needs_no_memory() -> None:
    def streamed() -> Iterator[Quote]:
        yield from history.read(io.BufferedReader(Ticks(30_000)), Told("S", SERVER, "EURUSD"), datetime.now(UTC))

    tracemalloc.start()
    [found] = streamed()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert found.bid == Decimal("1.23456")
    assert peak < 2**18
