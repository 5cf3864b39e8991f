from contextlib import suppress
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from opencabinet.kernel.clock import Clock, Moment, clock
from opencabinet.kernel.problem import Malformed

RULES = ("NewYork+7", "NewYork-2", "Europe/Athens", "Australia/Sydney", "America/Sao_Paulo", "+05:30", "-3", "UTC")
walls = st.datetimes(datetime(1980, 1, 1), datetime(2037, 12, 31))  # noqa: DTZ001 - a server's wall time has no zone
rules = st.sampled_from(RULES)


def at(rule: str, wall: str) -> Moment:
    return clock(rule).moment(datetime.fromisoformat(wall))


@pytest.mark.parametrize(
    ("rule", "wall", "utc", "offset"),
    [
        # New York's clocks go forward at 07:00 UTC on 8 March 2026 and back at 06:00 UTC on 1 November.
        ("NewYork+7", "2026-03-08T08:59:59", "2026-03-08T06:59:59", 120),
        ("NewYork+7", "2026-03-08T10:00:00", "2026-03-08T07:00:00", 180),
        ("NewYork+7", "2026-11-01T07:59:59", "2026-11-01T04:59:59", 180),
        ("NewYork+7", "2026-11-01T09:00:00", "2026-11-01T07:00:00", 120),
        # Athens goes by Europe's days: 01:00 UTC on 29 March and 25 October.
        ("Europe/Athens", "2026-03-08T10:00:00", "2026-03-08T08:00:00", 120),
        ("Europe/Athens", "2026-03-29T04:00:00", "2026-03-29T01:00:00", 180),
        ("Europe/Athens", "2026-10-25T04:00:00", "2026-10-25T02:00:00", 120),
        # In Sydney summer ends in April, at 16:00 UTC of the 4th, and begins at 16:00 UTC on 3 October.
        ("Australia/Sydney", "2026-04-05T01:59:59", "2026-04-04T14:59:59", 660),
        ("Australia/Sydney", "2026-04-05T03:00:00", "2026-04-04T17:00:00", 600),
        ("Australia/Sydney", "2026-10-04T03:00:00", "2026-10-03T16:00:00", 660),
        ("+02:00", "2026-07-01T00:30:00", "2026-06-30T22:30:00", 120),
        ("-03:30", "2026-07-01T00:30:00", "2026-07-01T04:00:00", -210),
        ("GMT+3", "2026-01-01T00:00:00", "2025-12-31T21:00:00", 180),
        ("UTC", "2026-02-28T23:59:59", "2026-02-28T23:59:59", 0),
    ],
)
def test_a_wall_time_is_one_moment(rule: str, wall: str, utc: str, offset: int) -> None:
    assert at(rule, wall) == Moment(datetime.fromisoformat(utc).replace(tzinfo=UTC), offset)


def test_a_trading_day_of_new_york_and_seven_always_ends_at_five_in_new_york() -> None:
    days = [datetime(2026, 1, 1) + timedelta(days=day) for day in range(365)]  # noqa: DTZ001 - wall time

    ends = [clock("NewYork+7").moment(day).at.astimezone(ZoneInfo("America/New_York")) for day in days]

    assert {end.hour for end in ends} == {17}


def test_no_zone_of_europe_equals_new_york_and_seven() -> None:
    between = "2026-03-20T12:00:00"

    assert at("NewYork+7", between).offset == 180
    assert at("Europe/Athens", between).offset == 120


def test_a_wall_time_that_occurs_twice_means_the_first() -> None:
    assert at("NewYork+7", "2026-11-01T08:30:00") == Moment(datetime(2026, 11, 1, 5, 30, tzinfo=UTC), 180)


def test_a_skipped_wall_time_is_read_with_the_offset_before_the_gap() -> None:
    assert at("NewYork+7", "2026-03-08T09:30:00") == Moment(datetime(2026, 3, 8, 7, 30, tzinfo=UTC), 120)


@given(rules, walls)
def test_a_moment_is_written_back_as_it_was(rule: str, wall: datetime) -> None:
    assert clock(rule).moment(wall).wall() == wall


@given(rules, walls)
def test_the_moment_is_the_one_at_which_the_zone_shows_that_time(rule: str, wall: datetime) -> None:
    server = clock(rule)
    shown = shows(server, server.moment(wall).at)
    assume(not skipped(server, wall))

    assert shown == wall


@given(rules, walls, st.timedeltas(timedelta(seconds=1), timedelta(days=200)))
def test_later_on_the_wall_is_later(rule: str, wall: datetime, passed: timedelta) -> None:
    server, later = clock(rule), wall + passed
    assume(not any(skipped(server, each) or twice(server, each) for each in (wall, later)))

    assert server.moment(wall).at < server.moment(later).at


@pytest.mark.parametrize(
    "rule",
    [
        *("", " ", "Mars/Phobos", "Europe", "europe/athens ", "Europe/Athens\n", "a\0b", "\udcff", "x" * 5000),
        *("/etc/passwd", "Europe/../../../etc/passwd", "../UTC", "zone.tab", "tzdata.zi", "__init__.py"),
        *(
            "+",
            "+1:2",
            "+2:60",
            "2",
            "+00200",
            "+02:00:00",
            "+٢",
            "+２",
            "NewYork",
            "NewYork7",
            "NewYork+٧",
            "newyork+7",
        ),
    ],
)
def test_nonsense_is_no_clock(rule: str) -> None:
    with pytest.raises(Malformed, match="There is no clock rule"):
        clock(rule)


@pytest.mark.parametrize("rule", ["+15:01", "-16", "+99:59", "NewYork+16", "NewYork-99"])
def test_no_clock_is_further_than_fifteen_hours_from_utc(rule: str) -> None:
    with pytest.raises(Malformed, match="too far"):
        clock(rule)


@given(st.text(max_size=12) | st.from_regex(r"\A(UTC|GMT|NewYork)?[+-]\d{1,3}(:?\d{2})?\Z"))
def test_any_text_is_a_clock_or_refused(text: str) -> None:
    with suppress(Malformed):
        assert clock(text).rule == text


def shows(server: Clock, moment: datetime) -> datetime:
    """Give what the server's clock shows at a moment."""
    return moment.astimezone(server.zone).replace(tzinfo=None) + server.ahead


def skipped(server: Clock, wall: datetime) -> bool:
    """Tell whether the server's clock never shows `wall`."""
    return shows(server, server.moment(wall).at) != wall


def twice(server: Clock, wall: datetime) -> bool:
    """Tell whether the server's clock shows `wall` at two moments."""
    around = (server.moment(wall).at + timedelta(minutes=minutes) for minutes in (30, 60, 120))
    return any(shows(server, moment) == wall for moment in around)
