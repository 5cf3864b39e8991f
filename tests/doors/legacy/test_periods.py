"""Closed lots, operations and authorizations of a period, and the other names of methods."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from msgspec import structs

from opencabinet import access, bonuses
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.doors.legacy.query import MOST
from opencabinet.kernel.ids import Login
from opencabinet.settings import Settings
from tests import make
from tests.doors.legacy import recorded
from tests.doors.legacy.asking import AUTHORIZATIONS, BONUSES, LOTS, OPERATIONS, SUMMARY, read
from tests.living import settled

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SECONDS = int(NOON.timestamp())


@pytest.fixture
async def account(committed: Connection) -> Account:
    made = await make.account(committed)
    await access.open_account(committed, made.login)
    return made


async def lots(site: httpx.AsyncClient, login: Login, rest: str = "") -> tuple[Decimal, int]:
    """Return how many lots and trades closed."""
    answer = await site.get(LOTS.format(login) + rest)
    assert answer.status_code == 200, rest
    found = answer.json()
    assert found["Login"] == login
    return Decimal(str(found["ClosedLots"])), found["TradesCount"]


async def test_lots_are_exact_to_the_second_whatever_their_contract_size(
    site: httpx.AsyncClient, account: Account, committed: Connection
) -> None:
    for place, size in enumerate((None, 10_000, 100_000)):
        closed_at = NOON + timedelta(days=place, seconds=place)
        given = {"contract_size": size and Decimal(size), "lots": Decimal("0.1"), "closed_at": closed_at}
        await make.closed_trade(committed, account.login, **given)
    second = SECONDS + 86_401

    assert await lots(site, account.login) == (Decimal("0.3"), 3)
    assert await lots(site, account.login, f"?from={second}") == (Decimal("0.2"), 2)
    assert await lots(site, account.login, f"?from={second + 1}") == (Decimal("0.1"), 1)
    assert await lots(site, account.login, f"?to={second}") == (Decimal("0.1"), 1)
    assert await lots(site, account.login, f"?TO={second + 1}&FROM={second}") == (Decimal("0.1"), 1)
    assert await lots(site, account.login, f"?from={second}&to={second}") == (Decimal(0), 0)
    assert await lots(site, account.login, f"?from={second}&to=0") == (Decimal(0), 0)


async def test_the_period_may_stand_in_the_path(
    site: httpx.AsyncClient, account: Account, committed: Connection
) -> None:
    await make.closed_trade(committed, account.login, closed_at=NOON)

    assert await lots(site, account.login, f"/{SECONDS}/{SECONDS + 1}") == (Decimal("0.5"), 1)
    assert await lots(site, account.login, f"/{SECONDS + 1}/{SECONDS + 2}/") == (Decimal(0), 0)
    assert await lots(site, account.login, f"/{SECONDS}/{SECONDS + 1}?from=0&to=1&limit=many") == (Decimal("0.5"), 1)
    for wrong in ("x/1", "1/x", "1/-1", f"1/{10**18}", "1.5/2", "%D9%A1/2"):
        assert (await site.get(f"{LOTS.format(account.login)}/{wrong}")).status_code == 400, wrong
    assert (await site.get(f"{LOTS.format(account.login)}/{SECONDS}")).status_code == 404


@given(
    seconds=some.lists(some.integers(0, 300_000), max_size=8),
    bounds=some.tuples(some.integers(0, 300_000), some.integers(0, 300_000)),
)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_lots_add_up_to_what_the_list_of_trades_holds(
    site: httpx.AsyncClient, committed: Connection, seconds: list[int], bounds: tuple[int, int]
) -> None:
    made = await make.account(committed)
    await access.open_account(committed, made.login)
    for second in seconds:
        await make.closed_trade(committed, made.login, closed_at=NOON + timedelta(seconds=second))
    query = f"?from={SECONDS + bounds[0]}&to={SECONDS + bounds[1]}"

    listed = (await site.get(f"/client/RequestClosedTrades/{made.login}{query}")).json()

    assert await lots(site, made.login, query) == (sum((Decimal("0.5") for _ in listed), Decimal(0)), len(listed))


async def test_operations_are_money_and_not_credit(
    site: httpx.AsyncClient, account: Account, committed: Connection
) -> None:
    kinds = ("balance", "credit", "bonus", "charge", "opening")
    for place, kind in enumerate(kinds):
        row = {"kind": kind, "comment": kind, "amount": Decimal(place - 3)}
        await recorded.movement(committed, account.login, place + 1, moved_at=NOON + timedelta(seconds=place), **row)

    rows = (await site.get(OPERATIONS.format(account.login))).json()
    first = (await site.get(f"{OPERATIONS.format(account.login)}?limit=1&to={SECONDS + 3}")).json()

    assert [(row["PaymentSystem"], row["Amount"], row["OperationType"]) for row in rows] == [
        ("charge", 0.0, 0),
        ("balance", -3.0, 1),
    ]
    assert [row["Ticket"] for row in first] == [1]


async def test_operations_behind_much_credit_are_found(
    site: httpx.AsyncClient, account: Account, committed: Connection
) -> None:
    for ticket in range(1, 30):
        await recorded.movement(committed, account.login, ticket, kind="credit" if ticket > 3 else "balance")

    for limit, found in ((1, [3]), (2, [3, 2]), (5, [3, 2, 1])):
        answer = await site.get(f"{OPERATIONS.format(account.login)}?limit={limit}")
        assert [each["Ticket"] for each in answer.json()] == found


async def test_the_history_holds_the_accounts_own_and_the_newest_first(
    site: httpx.AsyncClient, account: Account, committed: Connection, settings: Settings
) -> None:
    other = await make.account(committed)
    await make.token(committed, other.login, settings)
    shown = await make.token(committed, account.login, settings)
    for path in ("Client", "Partner", "MoblieCabinet"):
        body = {"Login": account.login, "Password": "wrong"}
        await site.post(f"/api/Authentication/Request{path}ApiToken", json=body)
        await settled(site)

    rows = (await read(site, AUTHORIZATIONS.format(account.login), shown)).json()
    newest = (await read(site, AUTHORIZATIONS.format(account.login) + "?limit=1", shown)).json()
    none = (await read(site, AUTHORIZATIONS.format(account.login) + f"?to={SECONDS}", shown)).json()

    assert [(row["Method"], row["Result"]) for row in rows] == [
        ("RequestMoblieCabinetApiToken", False),
        ("RequestPartnerApiToken", False),
        ("RequestClientApiToken", False),
        ("RequestClientApiToken", True),
    ]
    assert newest == rows[:1]
    assert none == []


@pytest.mark.parametrize("path", [OPERATIONS, AUTHORIZATIONS])
async def test_limits_are_refused_and_not_cut(
    site: httpx.AsyncClient, account: Account, committed: Connection, settings: Settings, path: str
) -> None:
    shown = await make.token(committed, account.login, settings)

    for query in ("limit=0", f"limit={MOST + 1}", "limit=x", "from=-1", "to=1.5"):
        assert (await read(site, f"{path.format(account.login)}?{query}", shown)).status_code == 400, query
    assert (await read(site, f"{path.format(account.login)}?limit={MOST}", shown)).status_code == 200


@pytest.mark.parametrize(
    ("path", "alias"),
    [
        (BONUSES, "/client/RequestBonusStatistics/{}"),
        (AUTHORIZATIONS, "/client/RequestLoginHistory/{}/"),
        (SUMMARY, "/CLIENT/requestaccountSTATEMENT/{}"),
    ],
)
async def test_an_alias_says_the_same(
    site: httpx.AsyncClient, account: Account, committed: Connection, settings: Settings, path: str, alias: str
) -> None:
    shown = await make.token(committed, account.login, settings)
    first, second = [await read(site, each.format(account.login), shown) for each in (path, alias)]

    assert (first.status_code, first.content) == (200, second.content)


async def test_everybody_may_ask_for_the_time(site: httpx.AsyncClient) -> None:
    before = int(datetime.now(UTC).timestamp())
    answer = await site.get("/client/RequestServerTime")

    assert before <= int(answer.text) <= before + 5


async def test_a_summary_without_a_report_of_the_floating_result(
    site: httpx.AsyncClient, committed: Connection
) -> None:
    for equity, profit in ((Decimal("12.5"), -0.5), (None, 0.0)):
        figures = {"balance": Decimal(10), "credit": Decimal(3), "equity": equity}
        made = await make.account(committed, None, **figures, floating=None)
        await access.open_account(committed, made.login)
        assert (await site.get(SUMMARY.format(made.login))).json()["Profit"] == profit


async def test_lots_required_are_null_where_no_rule_says_them(site: httpx.AsyncClient, committed: Connection) -> None:
    """The programme has no factor for the currency: neither 0 nor a guess would be true."""
    made = await make.account(committed, currency="GBP", credit=Decimal(30))
    await access.open_account(committed, made.login)
    await bonuses.save(committed, [structs.replace(recorded.PROGRAMME, comments=["30%"])])
    await recorded.movement(committed, made.login, 1, kind="credit", amount=Decimal(30), comment="30% bonus")

    found = (await site.get(BONUSES.format(made.login))).json()

    assert found["Bonuses"] == {"ClubBonus": 0.0, "TotalBonus": 30.0, "WelcomeBonus": 30.0}
    assert found["Trade"] == {"BonusState": 1, "ClosedLots": 0.0, "LotsRequired": None, "MissingLots": None}
