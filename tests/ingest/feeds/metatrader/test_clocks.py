"""Wall times in bulk become the moments that `Clock.moment` gives them one by one."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opencabinet.db import Connection
from opencabinet.ingest.feeds.metatrader.clocks import stretches
from opencabinet.kernel.clock import clock

RULES = ["NewYork+7", "Europe/Athens", "UTC", "+05:30", "-03:00", "Australia/Lord_Howe", "Africa/Casablanca"]
NOON = datetime(2026, 3, 10, 12)  # noqa: DTZ001 - a wall time
WALLS = st.datetimes(datetime(1995, 1, 1), datetime(2035, 1, 1))  # noqa: DTZ001
MINUTES = """
SELECT (%(offsets)s::int[])[1 + width_bucket(wall, %(thresholds)s::timestamp[])]
  FROM unnest(%(walls)s::timestamp[]) WITH ORDINALITY AS given (wall, place) ORDER BY place
"""


def offset(rule: str, wall: datetime) -> int:
    found = stretches(rule)
    return found.offsets[sum(threshold <= wall for threshold in found.thresholds)]


@settings(deadline=None)
@given(st.sampled_from(RULES), WALLS)
def test_a_wall_time_has_the_offset_of_its_first_occurrence(rule: str, wall: datetime) -> None:
    assert offset(rule, wall) == clock(rule).moment(wall).offset


@pytest.mark.parametrize("rule", RULES)
async def test_postgresql_finds_the_same_offsets_about_every_change(conn: Connection, rule: str) -> None:
    found = stretches(rule)
    near = [at + timedelta(minutes=minutes) for at in found.thresholds[-80:] for minutes in (-121, -60, -1, 0, 1, 61)]
    walls = [*near, NOON]

    minutes = await conn.values(MINUTES, offsets=found.offsets, thresholds=found.thresholds, walls=walls)

    assert minutes == [clock(rule).moment(wall).offset for wall in walls]


def test_a_clock_that_never_changes_has_one_stretch() -> None:
    assert (stretches("UTC").thresholds, stretches("UTC").offsets) == ([], [0])
