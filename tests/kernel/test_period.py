from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opencabinet.kernel.period import EVER, EmptyPeriod, Period

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MICRO = timedelta(microseconds=1)
moments = st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds


def test_a_period_holds_its_start_and_not_its_end() -> None:
    hour = Period(NOON, NOON + timedelta(hours=1))

    assert hour.holds(hour.since)
    assert hour.holds(hour.until - MICRO)
    assert not hour.holds(hour.until)
    assert not hour.holds(hour.since - MICRO)


@given(moments, moments, moments)
def test_periods_that_follow_one_another_share_no_moment_and_leave_none_out(
    one: datetime, two: datetime, moment: datetime
) -> None:
    since, until = sorted((one, two))
    parts = [Period(EVER.since, since), Period(since, until), Period(until, EVER.until)]

    assert sum(part.holds(moment) for part in parts) == 1


def test_an_open_end_is_as_far_as_rows_can_be() -> None:
    assert Period.of(None, None) == EVER
    assert Period.of(NOON, None) == Period(NOON, EVER.until)
    assert Period.of(None, NOON) == Period(EVER.since, NOON)


def test_a_period_may_be_empty_but_not_end_before_it_begins() -> None:
    assert not Period.of(NOON, NOON).holds(NOON)
    with pytest.raises(EmptyPeriod, match="ends before it begins"):
        Period.of(NOON, NOON - MICRO)
