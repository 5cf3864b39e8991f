"""The minutes that a clock is ahead at times that are written in UTC: looked up by day, and right at any time."""

from datetime import UTC, datetime, timedelta
from zoneinfo import available_timezones
from zoneinfo._zoneinfo import ZoneInfo  # type: ignore[import-not-found]  # the one in C does not tell its changes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opencabinet.ingest.feeds.staging.ready import Offsets
from opencabinet.kernel.clock import clock

DAY = 24 * 60 * 60
CHANGES = ("2026-03-08T07:00:00Z", "2026-11-01T06:00:00Z", "2026-03-29T01:00:00Z", "2026-10-25T01:00:00Z")
RULES = ("NewYork+7", "Europe/Athens", "Asia/Kathmandu", "Africa/Casablanca", "-03:30", "UTC")
TIMES = st.one_of(
    st.datetimes(datetime(1970, 1, 2), datetime(2037, 1, 1)),  # noqa: DTZ001 - in UTC, as is said below
    st.builds(
        lambda change, seconds: datetime.fromisoformat(change).replace(tzinfo=None) + timedelta(seconds=seconds),
        st.sampled_from(CHANGES),
        st.integers(-DAY, DAY),
    ),
)


@pytest.mark.parametrize("rule", RULES)
@given(times=st.lists(TIMES, min_size=1, max_size=20))
def test_they_are_what_the_clock_says(rule: str, times: list[datetime]) -> None:
    offsets = Offsets(clock(rule))
    for each in times:
        moment = each.replace(tzinfo=UTC)
        assert offsets(f"{each:%Y-%m-%dT%H:%M:%S}Z") == str(clock(rule).at(moment).offset)


def test_no_zone_changes_twice_in_a_day() -> None:
    for name in available_timezones():
        changes = [at for at in ZoneInfo.no_cache(name)._trans_utc if at >= 0]  # noqa: SLF001
        days = [at // DAY for at in changes]
        assert len(days) == len(set(days)), name
