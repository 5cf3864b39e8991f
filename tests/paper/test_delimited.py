import csv as reading
import io
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opencabinet.paper import csv
from opencabinet.paper.delimited import field, lines, safe
from tests.paper.making import HOSTILE, batches, row, whole

FORMULAS = HOSTILE[:15]
TITLES = ("Text", "Number", "Figure", "Time")


async def test_rows_end_with_cr_lf_and_figures_have_a_point() -> None:
    content = await whole(csv(TITLES, batches([row("a, b"), row('say "x"')])))

    assert content == (
        b"Text,Number,Figure,Time\r\n"
        b'"a, b",7,-1234.50,2026-03-02 09:30:15\r\n'
        b'"say ""x""",7,-1234.50,2026-03-02 09:30:15\r\n'
    )


async def test_the_mark_of_utf_8_stands_once_before_everything() -> None:
    content = await whole(csv(TITLES, batches([row("é")]), bom=True))

    assert content.startswith(b"\xef\xbb\xbfText,")
    assert content.count(b"\xef\xbb\xbf") == 1


@pytest.mark.parametrize("text", FORMULAS, ids=ascii)
def test_text_that_begins_like_a_formula_is_told_from_one(text: str) -> None:
    assert safe(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", " ", "a=1", "1-2", "[sl]", "#12", "🙂", "from -1"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert safe(text) == text


@given(st.decimals(allow_nan=False, allow_infinity=False, places=8, min_value=-(10**12), max_value=10**12))
def test_a_figure_is_never_changed(number: Decimal) -> None:
    assert Decimal(field(number)) == number
    assert "e" not in field(number).lower()
    assert "'" not in field(number)


@given(st.lists(st.text(), min_size=2, max_size=4))
def test_what_is_written_is_read_back(texts: list[str]) -> None:
    # Python's reader, like a spreadsheet, takes any line end within quotes as part of the text.
    rows = [*reading.reader(io.StringIO(lines([texts]).decode("utf-8", "surrogatepass"), newline=""))]

    assert rows == [[safe(text) for text in texts]]


def test_moments_are_utc_and_wall_times_say_nothing_of_it() -> None:
    at = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)

    assert [field(at), field(at.replace(tzinfo=None))] == ["2026-03-02T09:30:00.000Z", "2026-03-02 09:30:00"]


async def test_an_empty_table_is_its_head() -> None:
    assert await whole(csv(["kind", "time"], batches([]))) == b"kind,time\r\n"
