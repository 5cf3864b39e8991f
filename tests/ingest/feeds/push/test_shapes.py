"""Lines that are read by their shape say what they say when each is read by itself, and what is bad is never taken."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from opencabinet.db import Connection
from opencabinet.ingest import feeds
from opencabinet.ingest.feeds.model import Batch, FeedRefused, Ready
from opencabinet.ingest.feeds.push import BadLine, Lines, Shapes
from opencabinet.ingest.feeds.push.lines import TAG, row
from opencabinet.ingest.feeds.push.shapes import MOST_SHAPES, NUMBERED
from opencabinet.ingest.feeds.staging.actions import TABLES, columns, staged
from opencabinet.ingest.feeds.staging.ready import lines
from opencabinet.kernel.clock import clock

WHEN = "2026-03-02T09:30:00Z"
TRADE: dict[str, Any] = {
    "number": 1001,
    "ticket": 7,
    "symbol": "EURUSD",
    "side": "buy",
    "lots": "0.50",
    "digits": 5,
    "opened_at": WHEN,
    "open_price": "1.1",
    "profit": "-12.30",
    "stop_loss": None,
    "comment": "a b",
}
SAID: list[dict[str, Any]] = [
    {TAG: "account", "number": 1001, "platform": "mt5", "currency": "USD", "as_of": WHEN, "leverage": 100},
    {TAG: "deal", "number": 1001, "deal": 7, "order": 3, "type": "buy", "direction": "in", "lots": 1, "dealt_at": WHEN},
    {TAG: "closed", **TRADE, "closed_at": WHEN, "close_price": "1.2"},
    {TAG: "open", **TRADE, "current_price": "1.2", "position": 9},
    {
        TAG: "order",
        "number": 1,
        "ticket": 2,
        "symbol": "X",
        "type": "buy limit",
        "lots": 1,
        "state": "working",
        "placed_at": WHEN,
        "done_at": None,
    },
    {TAG: "movement", "number": 1001, "ticket": 4, "kind": "balance", "amount": -5.25, "moved_at": WHEN},
]
CLOCK = clock("NewYork+7")
UNTIL = datetime.now(UTC) + timedelta(hours=20)
WILD = (
    *(
        None,
        0,
        1,
        -1,
        2**31,
        10**17,
        10**18,
        2**63,
        0.5,
        -0.0,
        1e-9,
        1e30,
        True,
        "",
        "0",
        "-0",
        "007",
        "1.",
        ".5",
        "+1",
    ),
    *("1e5", "NaN", "123456789.12345678", "1.123456789", "9999999999999999", "10000000000000000", " 1", "1\t", "\\N"),
    *("buy", "sell", "mt4", "x" * 256, "x" * 257, "é", "a\tb", 'a"b', "a\\b", "\u007f", "\0", "row", "EURUSD"),
    *(WHEN, "2026-03-29T00:59:59.5Z", "2026-11-01T06:30:00.123456Z", "2026-02-31T00:00:00Z", "1970-01-01T00:00:00Z"),
    *(
        "2026-03-02T09:30:00",
        "2026-03-02T09:30:00+02:00",
        "9999-01-01T00:00:00Z",
        "2026-03-02T24:00:00Z",
        "2026-3-2T1:1:1Z",
    ),
)
KINDS = st.sampled_from(SAID)


def shape_of(told: dict[str, Any]) -> Shapes:
    """Return what knows the shape of a row."""
    shapes, line = Shapes(), json.dumps(told).encode()
    shapes.learn(type(row(1, line)), line)
    assert shapes.read(line, UNTIL)
    return shapes


def cells(ready: Ready) -> list[str]:
    """Return the cells of a row as COPY is given them."""
    (text,) = lines([ready], columns(ready.kind), CLOCK)
    return text.removesuffix("\n").split("\t")


def same(cell: str, value: Any) -> bool:
    """Whether a cell tells a value."""
    if value is None or cell == r"\N":
        return value is None and cell == r"\N"
    kind: Any = {Decimal: Decimal, int: int, datetime: datetime.fromisoformat}.get(type(value), str)
    return bool(kind(cell) == value)


@given(told=KINDS, wild=st.data())
def test_what_a_shape_takes_is_what_the_line_says(told: dict[str, Any], wild: st.DataObject) -> None:
    member = wild.draw(st.sampled_from(sorted(told)))
    value = wild.draw(st.sampled_from(WILD) | st.text(max_size=8) | st.integers() | st.decimals().map(str))
    line = json.dumps(told | {member: value}, ensure_ascii=wild.draw(st.booleans())).encode("utf-8", "surrogatepass")
    found = shape_of(told).read(line, UNTIL)

    if found:
        said = row(1, line)
        names = type(said).__struct_fields__
        assert all(map(same, cells(found), staged(said, names, CLOCK))), (line, cells(found))


@pytest.mark.parametrize("told", SAID, ids=[each[TAG] for each in SAID])
def test_what_differs_from_line_to_line_is_read_by_shape(told: dict[str, Any]) -> None:
    shapes = shape_of(told)
    usual = {"number": 5, "symbol": "XAUUSD", "comment": "", "lots": told.get("lots"), "profit": "0"}
    other = {name: usual.get(name, value) for name, value in told.items()}

    found = shapes.read(json.dumps(other).encode(), UNTIL)

    assert found is not None
    assert found.key == told[NUMBERED[found.kind]] or found.kind.__struct_config__.tag == "account"


@pytest.mark.parametrize(
    "spelled", [b'{"row":"open"}', b"", b"{}", b"[]", b"nonsense", b'{"row": "closed", "number": 1']
)
def test_lines_of_no_known_shape_are_left_to_be_read_by_themselves(spelled: bytes) -> None:
    assert shape_of(SAID[2]).read(spelled, UNTIL) is None


def test_a_member_that_is_told_twice_or_unknown_is_of_no_shape() -> None:
    line = json.dumps(SAID[2]).encode()
    shapes = shape_of(SAID[2])

    for more in (b', "number": 2}', b', "row": "open"}', b', "colour": "red"}'):
        assert shapes.read(line[:-1] + more, UNTIL) is None


def test_many_ways_to_say_a_row_make_few_shapes() -> None:
    shapes, members = Shapes(), [name for name in SAID[2] if name != TAG]
    for turn in range(200):
        told = {TAG: "closed"} | {name: SAID[2][name] for name in sorted(members, key=lambda it: hash((it, turn)))}
        line = json.dumps(told).encode()
        shapes.learn(type(row(1, line)), line)

    assert len(shapes._known) == MOST_SHAPES  # noqa: SLF001 - what is bounded is its own


def read(body: bytes, shapes: Shapes | None) -> list[Any]:
    """Read a body."""
    found = Lines(shapes=shapes)
    found.take(body)
    return found.end()


def test_a_bad_line_is_told_as_it_is_without_shapes() -> None:
    good = json.dumps(SAID[2])
    for bad in ({"lots": "-1"}, {"digits": 16}, {"closed_at": "2026-02-31T00:00:00Z"}, {"profit": "1e5"}, {"x": 1}):
        body = "\n".join([good, good, json.dumps(SAID[2] | bad)]).encode()
        with pytest.raises(BadLine) as alone:
            read(body, None)
        with pytest.raises(BadLine) as shaped:
            read(body, Shapes())

        assert (shaped.value.line, shaped.value.member, str(shaped.value)) == (
            *(alone.value.line, alone.value.member, str(alone.value)),
        )


def bodies() -> bytes:
    """Return a body with rows of every kind, some of them told twice, and one that has gone."""
    told = [each | {name: number} for number in (5, 6, 7, 5) for each in SAID for name in [numbering(each)]]
    gone = [{TAG: "gone", "family": "deal", "key": 6}]
    return "\n".join(map(json.dumps, [*told, *gone, SAID[1] | {"deal": 8}])).encode()


def numbering(told: dict[str, Any]) -> str:
    """Return what numbers a row."""
    kinds: dict[str, type[Struct]] = {str(kind.__struct_config__.tag): kind for kind in NUMBERED}
    return NUMBERED[kinds[told[TAG]]]


async def test_rows_are_staged_alike_however_they_are_read(conn: Connection) -> None:
    await feeds.know(conn, "Example-Live", "push", "NewYork+7")
    await feeds.prepare(conn)
    found: list[list[Any]] = []
    for shapes in (None, Shapes()):
        rows = read(bodies(), shapes)
        assert any(isinstance(each, Ready) for each in rows) == (shapes is not None)
        async with conn.transaction(force_rollback=True):
            await feeds.stage(conn, Batch(server="Example-Live", rows=rows), CLOCK)
            tables = TABLES.values()
            found.append([sorted(await conn.values(f"SELECT it::text FROM {table} AS it")) for table in tables])  # noqa: S608 - names of ours

    assert found[0] == found[1]
    assert all(found[0])


async def test_a_row_that_no_record_can_hold_is_refused_however_it_is_read(conn: Connection) -> None:
    await feeds.know(conn, "Example-Live", "push", "NewYork+7")
    good = json.dumps(SAID[5])
    bad = json.dumps(SAID[5] | {"ticket": 0})

    for shapes in (None, Shapes()):
        batch = Batch(server="Example-Live", rows=read(f"{good}\n{good}\n{bad}".encode(), shapes))
        with pytest.raises(FeedRefused, match="ticket"):
            await feeds.apply(conn, batch)
