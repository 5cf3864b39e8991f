"""How v1 says things: figures, times, sizes, periods, limits."""

import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest

from opencabinet import access
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.kernel.ids import Ticket
from tests import make
from tests.doors.v1.asking import LISTS, asked, path, refused

WHOLE_NUMBERS = {
    *("login", "ticket", "position", "first_id", "last_id", "count", "limit", "trades", "times", "leverage"),
    *("currency_exponent", "movements", "version", "rows", "won", "lost", "longs", "longs_won", "shorts", "shorts_won"),
}
"""What is a JSON number: counts, ids and the like, never money, price or volume."""
NUMBERED = re.compile(r"-?[0-9]+(\.[0-9]+)?")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
WALL = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
SIZE = {"lots", "units", "contract_size", "standard_lots", "reason"}
ALL = ("", "summary", "balance", *LISTS, "closed-lots?group=day", "series/balance", "bonuses", "metrics", "breakdown")


def members(given: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Give every member of an answer by its name, those of rows among them."""
    if isinstance(given, dict):
        for key, value in given.items():
            yield key, value
            if key != "detail":  # what a change says of itself is free
                yield from members(value, key)
    if isinstance(given, list):
        for each in given:
            yield from members(each, name)


@pytest.mark.parametrize("rest", ALL)
async def test_a_json_number_is_a_count_or_an_id(
    site: httpx.AsyncClient, account: Account, own: dict[str, str], rest: str
) -> None:
    for name, value in members(await asked(site, path(account.login, rest), own)):
        assert not isinstance(value, float), name
        if isinstance(value, int) and not isinstance(value, bool):
            assert name in WHOLE_NUMBERS, name


@pytest.mark.parametrize("rest", ALL)
async def test_moments_are_utc_with_milliseconds_and_as_the_broker_says_them(
    site: httpx.AsyncClient, account: Account, own: dict[str, str], rest: str
) -> None:
    found = list(members(await asked(site, path(account.login, rest), own)))

    for name, value in found:
        if value is not None and (name == "as_of" or name.endswith("_at")):
            assert MOMENT.fullmatch(value), name
        if value is not None and name.endswith("_broker"):
            assert WALL.fullmatch(value), name
    assert "as_of" in dict(found)


async def test_money_price_and_volume_are_decimals_as_text(
    site: httpx.AsyncClient, committed: Connection, account: Account, own: dict[str, str]
) -> None:
    figures = {"lots": Decimal("0.01"), "profit": Decimal("-0.10"), "swap": Decimal("1E+2"), "fee": Decimal("-0.00")}
    await make.closed_trade(committed, account.login, closed_at=make.NOW, close_price=Decimal("0.00000001"), **figures)

    [row] = (await asked(site, path(account.login, "trades/closed"), own, limit=1))["data"]

    assert row["volume"]["lots"] == "0.01"
    assert (row["profit"], row["swap"], row["fee"], row["net"]) == ("-0.1", "100", "0", "99.9")
    assert (row["close_price"], row["currency"]) == ("0.00000001", "USD")
    for name in ("open_price", "commission", "net"):
        assert NUMBERED.fullmatch(row[name])


async def test_a_moment_is_said_in_utc_and_as_the_brokers_clock_shows_it(
    site: httpx.AsyncClient, account: Account, own: dict[str, str]
) -> None:
    [row] = (await asked(site, path(account.login, "trades/closed"), own, limit=1))["data"]

    assert (row["closed_at"], row["closed_at_broker"]) == ("2026-11-02T11:00:00.000Z", "2026-11-02T13:00:00")


@pytest.mark.parametrize(
    ("size", "lots", "expected"),
    [
        (100_000, "0.5", {"lots": "0.5", "units": "50000", "contract_size": "100000", "standard_lots": "0.5"}),
        (10_000, "5", {"lots": "5", "units": "50000", "contract_size": "10000", "standard_lots": "0.5"}),
        (None, "5", {"lots": "5", "units": None, "contract_size": None, "standard_lots": None}),
    ],
)
async def test_lots_of_any_size_agree_in_standard_lots(
    site: httpx.AsyncClient,
    committed: Connection,
    account: Account,
    own: dict[str, str],
    size: int | None,
    lots: str,
    expected: dict[str, str | None],
) -> None:
    size_given = None if size is None else Decimal(size)
    expected = expected | {"reason": None if size else "Nobody told the contract size of this symbol."}
    given = {"symbol": "XAUUSD", "contract_size": size_given, "lots": Decimal(lots)}
    await make.closed_trade(committed, account.login, **given)

    [row] = (await asked(site, path(account.login, "trades/closed"), own, symbol="xauusd"))["data"]
    lots_answer = await asked(site, path(account.login, "closed-lots"), own, symbol="XAUUSD")

    assert row["volume"] == lots_answer["data"][0]["volume"] == expected
    assert {name: lots_answer["total"][name] for name in SIZE - {"contract_size"}} == {
        name: value for name, value in expected.items() if name != "contract_size"
    }


async def test_lots_of_two_sizes_are_never_added_up_as_one(
    site: httpx.AsyncClient, committed: Connection, account: Account, own: dict[str, str]
) -> None:
    for size, lots in ((100_000, "1"), (10_000, "10")):
        await make.closed_trade(
            committed, account.login, symbol="AUDUSD", contract_size=Decimal(size), lots=Decimal(lots)
        )

    answer = await asked(site, path(account.login, "closed-lots"), own, symbol="AUDUSD", group="total")

    assert [(each["volume"]["contract_size"], each["volume"]["standard_lots"]) for each in answer["data"]] == [
        ("10000", "1"),
        ("100000", "1"),
    ]
    assert (answer["total"]["units"], answer["total"]["standard_lots"]) == ("200000", "2")


@pytest.mark.parametrize("rest", [*LISTS, "closed-lots", "summary", "metrics", "breakdown"])
async def test_a_period_is_said_again_and_null_where_it_is_open(
    site: httpx.AsyncClient, account: Account, own: dict[str, str], rest: str
) -> None:
    given = {"since": "2026-01-01", "until": "2026-11-02T13:00:00.5+02:00"}
    whole = await asked(site, path(account.login, rest), own)
    part = await asked(site, path(account.login, rest), own, **given)

    assert (whole["period"]["from"], whole["period"]["to"]) == (None, None)
    assert (part["period"]["from"], part["period"]["to"]) == ("2026-01-01T00:00:00.000Z", "2026-11-02T11:00:00.500Z")


async def test_days_are_said_again(site: httpx.AsyncClient, account: Account, own: dict[str, str]) -> None:
    series = path(account.login, "series/balance")

    assert (await asked(site, series, own))["period"] == {"from": None, "to": None}
    part = await asked(site, series, own, since="2026-11-02", until="2026-11-03")
    assert part["period"] == {"from": "2026-11-02", "to": "2026-11-03"}
    assert [point["day"] for point in part["data"]] == ["2026-11-02"]
    assert (await asked(site, series, own, since="2026-11-03"))["data"] == []
    assert (await asked(site, series, own, until="2026-11-02"))["data"] == []
    assert await refused(site, series, own, since="2026-11-03", until="2026-11-02") == (422, "empty_period")


@pytest.mark.parametrize(
    ("rest", "when"),
    [("trades/open", "opened_at"), ("trades/closed", "closed_at"), ("orders", "placed_at"), ("movements", "moved_at")],
)
async def test_a_period_holds_its_start_and_not_its_end(
    site: httpx.AsyncClient, account: Account, own: dict[str, str], rest: str, when: str
) -> None:
    newest, middle, oldest = [row[when] for row in (await asked(site, path(account.login, rest), own))["data"]]

    found = await asked(site, path(account.login, rest), own, since=oldest, until=newest)

    assert [row[when] for row in found["data"]] == [middle, oldest]
    assert (await asked(site, path(account.login, rest), own, since=middle, until=middle))["data"] == []


async def test_closed_trades_are_chosen_by_either_time(
    site: httpx.AsyncClient, committed: Connection, account: Account, own: dict[str, str]
) -> None:
    early = make.NOW - timedelta(days=9)
    await make.closed_trade(committed, account.login, ticket=Ticket(5), opened_at=early, closed_at=make.NOW)
    where = path(account.login, "trades/closed")

    opened = await asked(site, where, own, until="2026-10-30", time_field="open")
    closed = await asked(site, where, own, until="2026-10-30", time_field="close")

    assert [row["ticket"] for row in opened["data"]] == [5]
    assert closed["data"] == []
    assert (opened["period"]["time_field"], closed["period"]["time_field"]) == ("open", "close")


@pytest.mark.parametrize("rest", LISTS)
async def test_a_limit_too_large_is_refused_and_not_cut(
    site: httpx.AsyncClient, account: Account, own: dict[str, str], rest: str
) -> None:
    where = path(account.login, rest)

    assert await refused(site, where, own, limit=501) == (422, "too_much")
    assert (await asked(site, where, own, limit=500))["page"]["limit"] == 500
    assert (await asked(site, where, own))["page"]["limit"] == 100
    for wrong in ("0", "-1", "1.5", "", "x", "1e2", "٣", "+1"):
        assert await refused(site, where, own, limit=wrong) == (400, "invalid_parameter"), wrong


@pytest.mark.parametrize("rest", LISTS)
async def test_a_page_says_whether_there_is_more(
    site: httpx.AsyncClient, account: Account, own: dict[str, str], rest: str
) -> None:
    count = len((await asked(site, path(account.login, rest), own))["data"])

    exact = await asked(site, path(account.login, rest), own, limit=count)

    assert (exact["page"]["has_more"], exact["page"]["next_cursor"]) == (False, None)
    if count > 1:
        less = await asked(site, path(account.login, rest), own, limit=count - 1)
        assert less["page"]["has_more"]
        assert less["page"]["next_cursor"]


@pytest.mark.parametrize("rest", LISTS)
async def test_a_receipt_counts_the_rows_and_names_their_ends(
    site: httpx.AsyncClient, account: Account, own: dict[str, str], rest: str
) -> None:
    answer = await asked(site, path(account.login, rest), own)
    receipt, rows = answer["receipt"], answer["data"]
    identity = next(name for name in ("ticket", "position", "id") if name in rows[0])
    ends = [int(str(row[identity]).removeprefix("aut_")) for row in (rows[0], rows[-1])]

    assert receipt["count"] == len(rows)
    assert [receipt["first_id"], receipt["last_id"]] == ends
    assert receipt["complete"] is True
    assert receipt["currency"] == "USD"


async def test_what_cannot_be_computed_is_null_and_says_why(
    site: httpx.AsyncClient, committed: Connection, account: Account, own: dict[str, str]
) -> None:
    await access.open_account(committed, account.login)
    metrics = (await asked(site, path(account.login, "metrics"), own))["metrics"]

    assert [each["name"] for each in metrics if each["value"] is None and not each["reason"]] == []
    assert [each["name"] for each in metrics if each["value"] in {"NaN", "Infinity", "-Infinity"}] == []
    assert any(each["value"] is None for each in metrics)


async def test_an_unknown_metric_is_not_found(site: httpx.AsyncClient, account: Account, own: dict[str, str]) -> None:
    for name in ("nonsense", "x" * 5000, "..", "Profit_Factor"):
        answer = await site.get(f"/v1/accounts/{account.login}/metrics/{name}/explain", headers=own)
        assert answer.status_code in {400, 404}, name
