"""Lines of JSON as rows: what is read, what is refused, and that nothing is slow or half read."""

import json
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opencabinet.ingest.feeds.model import DealRow, GoneRow, OrderRow, QuoteRow, Row, Told
from opencabinet.ingest.feeds.push import BadLine, Lines, TooManyLines
from opencabinet.ingest.feeds.push.lines import LONGEST_LINE, TAG

WHEN = "2026-03-02T09:30:00.123Z"
QUOTE = {TAG: "quote", "symbol": "EURUSD", "bid": "1.10500", "ask": 1.105, "quoted_at": WHEN}
DEAL = {TAG: "deal", "number": 1001, "deal": 7, "type": "buy", "direction": "in", "lots": "1", "dealt_at": WHEN}


def read(*lines: bytes | dict[str, Any]) -> list[Told]:
    found = Lines()
    found.take(b"\n".join(line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines))
    return found.end()


def test_a_line_is_a_row_with_its_own_type_beside_what_it_is() -> None:
    order = {TAG: "order", "number": 1, "ticket": 2, "symbol": "X", "type": "buy limit", "lots": 1, "state": "working"}

    assert read(DEAL, b"", QUOTE, {**order, "placed_at": WHEN}, b'{"row":"gone","family":"deal","key":7}\r', b"  ") == [
        DealRow(
            number=1001,
            deal=7,
            type="buy",
            direction="in",
            lots=Decimal(1),
            dealt_at=datetime(2026, 3, 2, 9, 30, 0, 123000, UTC),
        ),
        QuoteRow(
            symbol="EURUSD",
            bid=Decimal("1.10500"),
            ask=Decimal("1.105"),
            quoted_at=datetime(2026, 3, 2, 9, 30, 0, 123000, UTC),
        ),
        OrderRow(
            number=1,
            ticket=2,
            symbol="X",
            type="buy limit",
            lots=Decimal(1),
            state="working",
            placed_at=datetime(2026, 3, 2, 9, 30, 0, 123000, UTC),
        ),
        GoneRow(family="deal", key=7),
    ]


@given(st.lists(st.integers(1, 60), max_size=20), st.sampled_from([b"", b"\n"]))
def test_however_a_body_comes_in_pieces_its_rows_are_the_same(lengths: list[int], end: bytes) -> None:
    body = b"\n".join(
        json.dumps(line, ensure_ascii=False).encode() for line in (DEAL, QUOTE, {**DEAL, "comment": "é…"})
    )
    pieces, rest = Lines(), body + end
    for length in lengths:
        pieces.take(rest[:length])
        rest = rest[length:]
    pieces.take(rest)

    assert pieces.end() == read(body)


def changed(member: str, value: bytes, of: Mapping[str, object] = QUOTE) -> bytes:
    """Return a row, a quote unless told, with a member written as it is given."""
    return b"{%s}" % b",".join(
        b'"%s":%s' % (name.encode(), value if name == member else json.dumps(told).encode())
        for name, told in of.items()
    )


@pytest.mark.parametrize(
    "figure",
    [
        *(
            b"NaN",
            b'"NaN"',
            b'"sNaN"',
            b'"Infinity"',
            b'"-Infinity"',
            b"Infinity",
            b"1e9999",
            b'"1e9999"',
            b'"1e-9999"',
        ),
        *(
            b"1e2",
            b'"1E+2"',
            b'"1_000"',
            b'" 1"',
            b'"+1"',
            b'".5"',
            b'"1."',
            b'"0x1"',
            b"01",
            b'"\xd9\xa1"',
            b'"\\u0031"',
        ),
        *(b'""', b"true", b"null", b"[1]", b"{}", b"1.123456789", b"10000000000000000", b'"%s"' % (b"9" * 5000)),
    ],
)
def test_a_figure_that_is_none_or_would_not_be_kept_to_the_last_digit_is_refused(figure: bytes) -> None:
    with pytest.raises(BadLine) as bad:
        read(QUOTE, changed("bid", figure))

    assert bad.value.line == 2
    assert bad.value.member in {"bid", None}


@pytest.mark.parametrize(
    ("when", "reason"),
    [
        ('"2026-03-02T09:30:00"', "zone"),
        ('"2026-03-02"', "RFC3339"),
        ('"1970-01-01T00:00:00Z"', "no time of trading"),
        ('"0001-01-01T00:00:00+23:00"', "no time of trading"),
        ('"2199-12-31T23:59:59Z"', "more than a day ahead"),
        ("1772443800", "datetime"),
        ('"2026-02-30T00:00:00Z"', "RFC3339"),
    ],
)
def test_a_time_without_zone_or_beyond_trading_is_refused(when: str, reason: str) -> None:
    with pytest.raises(BadLine, match=reason) as bad:
        read(changed("quoted_at", when.encode()))

    assert (bad.value.line, bad.value.member) == (1, "quoted_at")


@pytest.mark.parametrize(
    ("line", "member"),
    [
        (b'{"row":"gone","family":"deal","key":9223372036854775808}', "key"),
        (b'{"row":"gone","family":"deal","key":18446744073709551616}', "key"),
        (b'{"row":"gone","family":"deal","key":-1}', "key"),
        (b'{"row":"gone","family":"deal","key":"7"}', "key"),
        (b'{"row":"gone","family":"deal","key":7.5}', "key"),
        (b'{"row":"gone","family":"deal","key":true}', "key"),
        (b'{"row":"gone","family":"passport","key":7}', "family"),
        (b'{"row":"gone","family":"deal","key":7,"keys":8}', "keys"),
        (b'{"row":"passport","key":7}', TAG),
        (b'{"family":"deal","key":7}', None),
        (b'{"row":"gone","family":"deal","key":7,"key":8}', None),
        (b'{"row":"gone","row":"quote","family":"deal","key":7}', TAG),
        (b'{"row":"gone","family":"deal","key":7,"k\\u0065y":8}', None),
        (b'{"row":"gone","family":"deal"}', None),
        (changed("symbol", b'"a\\u0000b"'), "symbol"),
        (changed("symbol", b'"a\\u009bb"'), "symbol"),
        (changed("symbol", b'"a\x07b"'), None),
        (changed("symbol", b'"\\ud800"'), None),
        (changed("symbol", b'"\xff"'), None),
        (changed("symbol", b'"\xc0\x80"'), None),
        (changed("symbol", b'"%s"' % (b"x" * 257)), "symbol"),
        (changed("symbol", b'"%s"' % (b"x" * 65)), "symbol"),
        (changed("symbol", b'""'), "symbol"),
        (b'{"row":"instrument","symbol":"EURUSD","digits":9}', "digits"),
        (changed("lots", b'"-0.01"', DEAL), "lots"),
        (changed("lots", b'"1e3"', DEAL), "lots"),
        (b'{"row":"gone","family":"deal","key":7}{"row":"gone"}', None),
        (b'\xef\xbb\xbf{"row":"gone","family":"deal","key":7}', None),
        (b'[{"row":"gone","family":"deal","key":7}]', None),
        (b"null", None),
        (b"{}", None),
        (b"\x00", None),
    ],
)
def test_a_line_that_is_no_row_is_refused_with_its_number_and_member(line: bytes, member: str | None) -> None:
    with pytest.raises(BadLine) as bad:
        read(DEAL, QUOTE, line, QUOTE)

    assert (bad.value.line, bad.value.member) == (3, member)
    assert bad.value.detail.startswith("Line 3: ")
    assert len(bad.value.detail) < 300


@pytest.mark.parametrize(
    "line",
    [
        b"[" * 16_000,
        b'{"row":' * 2_000,
        b'{"a":' + b" " * 16_000,
        b'{"a":"' + b'\\"' * 8_000,
        b"{" + b'"a":1,' * 2_600,
        b'"' * 16_000,
        b'{"bid":' + b"1" * 16_000,
        b'{"bid":1.' + b"1" * 16_000 + b"}",
    ],
)
def test_a_line_made_to_be_slow_is_refused_at_once(line: bytes) -> None:
    began = time.perf_counter()

    with pytest.raises(BadLine):
        read(line)

    assert time.perf_counter() - began < 0.1


def test_a_line_is_of_bounded_length_whether_it_ends_or_not() -> None:
    endless = Lines()
    endless.take(b" " * LONGEST_LINE)
    with pytest.raises(BadLine, match="longer than"):
        endless.take(b" ")
    with pytest.raises(BadLine, match="longer than"):
        read(b" " * (LONGEST_LINE + 1))
    assert read(b" " * LONGEST_LINE) == []


def test_a_body_has_a_bounded_number_of_lines_and_empty_ones_count() -> None:
    few = Lines(most=3)
    few.take(b"\n\n\n")
    with pytest.raises(TooManyLines):
        few.take(b"\n")


def test_no_row_has_a_member_of_a_kind_that_is_not_looked_at() -> None:
    """Only texts, whole numbers, figures and times are looked at."""
    kinds = msgspec.inspect
    looked_at = (kinds.StrType, kinds.IntType, kinds.DecimalType, kinds.DateTimeType, kinds.LiteralType, kinds.NoneType)
    found = msgspec.inspect.type_info(Row)
    for kind in found.types:  # type: ignore[attr-defined]  # a union
        for member in kind.fields:
            for each in getattr(member.type, "types", (member.type,)):
                assert isinstance(each, looked_at), (kind, member.name)
