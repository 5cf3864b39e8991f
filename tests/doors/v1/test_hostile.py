"""What no well-behaved client sends."""

from contextlib import suppress

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from opencabinet.accounts import Account
from opencabinet.doors.v1 import query
from opencabinet.doors.v1.problems import Invalid, TooMuch
from opencabinet.doors.v1.query import FROM, LISTING, SYMBOL
from opencabinet.kernel.period import EVER, EmptyPeriod
from tests.doors.v1.asking import LISTS, asked, of_accounts, path, path_of, problem_of, refused

UNREADABLE = (
    *("2026", "2026-02-30", "2026-13-01", "0000-01-01", "0000-01-01T00:00:00Z", "10000-01-01", "2026-1-1"),
    *("2026-01-01T00:00:00", "2026-01-01T24:00:00Z", "2026-06-30T23:59:60Z", "2026-01-01T00:00:00+25:00"),
    *("2026-01-01T00:00:00999Z", "2026-01-01T00:00Z", "20260101", "2026-W01-1", "1767225600", "now", "", " "),
    *("2026-01-01T00:00:00 02:00", "２０２６-01-01", "2026-01-01Z", "2026-01-01T00:00:00.Z", "-2026-01-01"),
    *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"),
)
READABLE = {
    "2026-01-01": "2026-01-01T00:00:00.000Z",
    "2026-01-01T00:00:00Z": "2026-01-01T00:00:00.000Z",
    "2026-01-01t00:00:00z": "2026-01-01T00:00:00.000Z",
    "2026-01-01 00:00:00Z": "2026-01-01T00:00:00.000Z",
    "2026-01-01T14:00:00+14:00": "2026-01-01T00:00:00.000Z",
    "2025-12-31T10:00:00.123456789-14:00": "2026-01-01T00:00:00.123Z",
    "0001-01-01": None,
}


@pytest.mark.parametrize("rest", [*LISTS, "closed-lots", "summary"])
async def test_a_time_that_cannot_be_read_is_refused_by_name(
    site: httpx.AsyncClient, account: Account, own: dict[str, str], rest: str
) -> None:
    for name in ("from", "to"):
        for text in UNREADABLE:
            answer = await site.get(path(account.login, rest), params={name: text}, headers=own)
            assert problem_of(answer) == (400, "invalid_parameter"), text
            assert answer.json()["param"] == name


async def test_a_time_is_read_in_any_zone(site: httpx.AsyncClient, account: Account, own: dict[str, str]) -> None:
    where = path(account.login, "movements")

    for text, utc in READABLE.items():
        assert (await asked(site, where, own, since=text))["period"]["from"] == utc, text
    for late in ("9999-12-31", "9999-12-31T23:59:59.999999Z"):
        assert (await asked(site, where, own, until=late))["period"]["to"] is None
    assert await refused(site, where, own, since="2026-01-02", until="2026-01-01") == (422, "empty_period")


@pytest.mark.parametrize(
    "text", ["2026-1-1", "20260101", "２０２６-01-01", "2026-02-30", "2026-01-01T00:00:00Z", "0000-01-01"]
)
async def test_a_day_that_cannot_be_read_is_refused(
    site: httpx.AsyncClient, account: Account, own: dict[str, str], text: str
) -> None:
    assert await refused(site, path(account.login, "series/balance"), own, since=text) == (400, "invalid_parameter")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("symbol=%00", (400, "invalid_parameter")),
        ("symbol=%F0", (400, "invalid_parameter")),
        ("symbol=%F0%9F%98", (400, "invalid_parameter")),
        ("symbol=%ED%A0%80", (400, "invalid_parameter")),
        ("symbol=%C0%AF", (400, "invalid_parameter")),
        ("symbol=EUR%0D%0AUSD", (400, "invalid_parameter")),
        ("symbol=%7F", (400, "invalid_parameter")),
        ("symbol=%C2%85", (400, "invalid_parameter")),
        ("symbol=" + "x" * 65, (400, "invalid_parameter")),
        ("symbol=" + "x" * 5000, (422, "too_much")),
        ("&".join(f"p{each}=1" for each in range(100)), (400, "invalid_parameter")),
        ("%00=1", (400, "invalid_parameter")),
        ("cursor=", (400, "invalid_parameter")),
        ("limit=99999999999999999999", (400, "invalid_parameter")),
        ("limit=999999999", (422, "too_much")),
        ("time_field=profit", (400, "invalid_parameter")),
    ],
)
async def test_a_hostile_query_is_refused(
    site: httpx.AsyncClient, account: Account, own: dict[str, str], raw: str, expected: tuple[int, str]
) -> None:
    where = httpx.URL(f"http://cabinet.test{path(account.login, 'trades/closed')}")
    answer = await site.get(where.copy_with(query=raw.encode("latin-1")), headers=own)

    assert problem_of(answer) == expected


@pytest.mark.parametrize(
    "symbol", ["%", "_", "'; DROP TABLE accounts; --", "\\", "EURUSD%", "😀", "ﷺ", "İ", "%(login)s", "\u202e"]
)
async def test_a_strange_symbol_is_a_symbol_nobody_traded(
    site: httpx.AsyncClient, account: Account, own: dict[str, str], symbol: str
) -> None:
    for rest in ("trades/open", "trades/closed", "orders", "closed-lots"):
        assert (await asked(site, path(account.login, rest), own, symbol=symbol))["data"] == []


@pytest.mark.parametrize(
    "login", ["abc", "-5", "+5", "1_0", "1.0", "%201", "1%20", "٧", "0x10", "1e3", "9" * 31, "9" * 5000, "null", "*"]
)
async def test_a_login_that_is_no_number_names_nothing(
    site: httpx.AsyncClient, own: dict[str, str], login: str
) -> None:
    for each in of_accounts(site):
        for headers in (own, {}):
            answer = await site.get(path_of(each, login), headers=headers)
            assert problem_of(answer) == (404, "not_found"), each.id


@given(st.binary(max_size=200))
@example(b"&" * 100)
@example(b"from=%2026")
def test_any_bytes_are_a_query_or_refused(raw: bytes) -> None:
    with suppress(Invalid, EmptyPeriod):
        found = query.read(raw, (*LISTING, SYMBOL))
        assert EVER.since <= found.period.since <= found.period.until <= EVER.until


@given(st.text("0123456789-:TtZz .+", max_size=32))
@example("9999-12-31T23:59:59-14:00")
@example("0001-01-01T00:00:00+14:00")
def test_any_text_is_a_moment_within_bounds_or_refused(text: str) -> None:
    with suppress(Invalid):
        assert EVER.since <= FROM.read(text) <= EVER.until


@given(st.integers(0, 10**9 - 1))
def test_a_whole_number_is_taken_up_to_its_most(number: int) -> None:
    read = query.whole("limit", 500)
    if 0 < number <= 500:
        assert read(str(number)) == number
        return
    with pytest.raises(TooMuch if number else Invalid):
        read(str(number))
