"""Times come back as the server printed them, also in the hours that a clock repeats or leaves out."""

from datetime import datetime
from decimal import Decimal

import pytest
from msgspec.structs import replace

from opencabinet.db import Connection
from opencabinet.ingest.formats import parsed
from opencabinet.ingest.reading import read
from opencabinet.reports import Form, Layout
from opencabinet.samples.__main__ import FILES
from tests.reports.asking import load, written

ODD = [
    datetime(2026, 3, 29, 3, 30),  # noqa: DTZ001 - left out in Athens
    datetime(2026, 10, 25, 3, 30),  # noqa: DTZ001 - twice in Athens
    datetime(2026, 3, 8, 9, 30),  # noqa: DTZ001 - left out in New York + 7
    datetime(2026, 7, 1, 12, 0, 0, 250_000),  # noqa: DTZ001 - with milliseconds
]


@pytest.mark.parametrize("at", ODD, ids=str)
@pytest.mark.parametrize("rule", ["Europe/Athens", "NewYork+7", "UTC", "-03:30"])
async def test_wall_times_come_back(committed: Connection, at: datetime, rule: str) -> None:
    told = read(FILES / "mt4-1001001.htm")
    told = replace(told, closings=tuple(replace(row, closed_at=at) for row in told.closings[:2]), moves=told.moves[:1])
    login = await load(committed, told, rule=rule)
    back = parsed(await written(committed, login, Form.HTML, Layout.MT4))

    assert [row.closed_at for row in back.closings] == [at, at]
    assert back.closings == told.closings
    assert back.snapshot.balance == told.snapshot.balance


async def test_no_amount_is_rounded_in_a_row(committed: Connection) -> None:
    told = read(FILES / "mt4-1001001.htm")
    odd = replace(told.closings[0], profit=Decimal("1.23456789"), lots=Decimal("0.0012345"), swap=Decimal("-0.001"))
    told = replace(told, closings=(odd,))
    login = await load(committed, told)

    assert parsed(await written(committed, login, Form.HTML, Layout.MT4)).closings == (odd,)
