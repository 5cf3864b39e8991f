"""Fewer points draw the same line."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from opencabinet.doors.showing.charts.thinning import Place, stepped, thinned

VALUES = st.lists(st.none() | st.floats(-1e6, 1e6), min_size=2, max_size=400)
COLUMNS = 10


def line(values: list[float | None]) -> list[Place]:
    return [(float(place), value) for place, value in enumerate(values)]


@given(VALUES)
def test_no_high_and_no_low_is_left_out(values: list[float | None]) -> None:
    drawn = [value for _, value in thinned(line(values), COLUMNS) if value is not None]
    known = [value for value in values if value is not None]

    assert (max(drawn, default=0), min(drawn, default=0)) == (max(known, default=0), min(known, default=0))


@given(VALUES)
def test_no_gap_is_closed(values: list[float | None]) -> None:
    def gaps(points: list[Place]) -> int:
        return sum(before is not None and after is None for (_, before), (_, after) in pairwise(points))

    assert gaps(thinned(line(values), COLUMNS)) == gaps(line(values))


@given(VALUES)
def test_points_stay_in_their_order_and_none_is_made_up(values: list[float | None]) -> None:
    drawn = thinned(line(values), COLUMNS)

    assert drawn == sorted(drawn, key=lambda point: point[0])
    assert set(drawn) <= set(line(values))
    assert (drawn[0], drawn[-1]) == (line(values)[0], line(values)[-1])


def test_there_are_four_points_to_a_column_at_most() -> None:
    values: list[float | None] = [float(place * 7919 % 1000) for place in range(10_000)]

    assert len(thinned(line(values), 300)) <= 4 * 301


def test_few_points_are_left_as_they_are() -> None:
    assert thinned(line([1, 2, 3]), COLUMNS) == line([1, 2, 3])


def test_a_step_holds_until_the_next_point_and_not_over_a_gap() -> None:
    assert stepped(line([1, 2, None, 3])) == [(0, 1), (1, 1), (1, 2), (2, None), (3, 3)]
