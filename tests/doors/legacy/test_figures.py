"""Figures and times as strict clients want them."""

import json
import re
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

from hypothesis import example, given
from hypothesis import strategies as some

from opencabinet.doors.figures import number, unix

STORED = some.decimals(min_value=-(10**16), max_value=10**16, places=8)
"""What NUMERIC(24,8) holds."""


@given(STORED)
@example(Decimal("1E+2"))
@example(Decimal("1E-8"))
@example(Decimal("-0.00000000"))
@example(Decimal("1e16"))
def test_a_figure_has_a_point_and_no_exponent_and_loses_nothing(figure: Decimal) -> None:
    written = bytes(number(figure)).decode()

    assert re.fullmatch(r"-?(0|[1-9][0-9]*)\.[0-9]+", written)
    assert Decimal(written) == figure
    assert json.loads(written, parse_float=Decimal) == figure


@given(STORED)
def test_nothing_is_written_one_way_only(figure: Decimal) -> None:
    assert bytes(number(figure * 0)) == b"0.0"
    assert bytes(number(figure)) == bytes(number(figure.normalize()))


@given(some.datetimes(datetime(1970, 1, 1), datetime(2106, 1, 1)), some.integers(-840, 840))  # noqa: DTZ001 - given their zone below
def test_a_time_is_whole_seconds_of_true_utc(moment: datetime, minutes: int) -> None:
    moment = moment.replace(tzinfo=UTC)

    written = unix(moment.astimezone(timezone(timedelta(minutes=minutes))))

    assert written == (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(seconds=1)
