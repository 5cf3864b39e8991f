from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from opencabinet.kernel.page import NEWEST, SMALLEST, Key, Page
from opencabinet.kernel.period import EVER

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
numbers = st.integers(SMALLEST, 2**63 - 1)
keys = st.builds(Key, st.integers(0, 3).map(lambda hours: NOON + timedelta(hours=hours)), numbers)


@given(keys, keys)
def test_rows_stand_by_their_moment_and_then_by_their_number(one: Key, other: Key) -> None:
    assert (one < other) is ((one.at, one.id) < (other.at, other.id))


@given(keys)
def test_every_row_stands_below_the_place_where_a_list_begins(key: Key) -> None:
    assert key < NEWEST
    assert Key(EVER.until - timedelta(microseconds=1), 2**63 - 1) < NEWEST


def key_of(number: int) -> Key:
    """Return the place of a row that is a number."""
    return Key(NOON, number)


@given(st.lists(st.integers(1, 1000), unique=True, max_size=20), st.integers(1, 8))
def test_pages_read_one_below_the_other_are_the_list(rows: list[int], limit: int) -> None:
    rows.sort(reverse=True)
    found: list[int] = []
    below: Key | None = NEWEST
    while below is not None:
        start = below
        asked = [row for row in rows if key_of(row) < start][: limit + 1]
        page = Page.of(asked, limit, key_of)
        assert len(page.rows) <= limit
        found += page.rows
        below = page.next

    assert found == rows


def test_a_page_that_holds_all_there_is_leads_nowhere() -> None:
    assert Page.of([], 3, key_of) == Page([], None)
    assert Page.of([3, 2, 1], 3, key_of) == Page([3, 2, 1], None)
    assert Page.of([3, 2, 1], 2, key_of) == Page([3, 2], Key(NOON, 2))
