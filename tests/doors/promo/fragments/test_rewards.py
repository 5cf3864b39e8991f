"""What partners and their clients would be given: by the plan offered to all, and by the partner's own for a rebate."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import msgspec
import pytest

from opencabinet.db import Connection
from opencabinet.kernel.ids import Login
from opencabinet.partners import plans, programme
from opencabinet.partners.plans import Plan
from tests.doors.promo.fragments import stocking
from tests.doors.promo.fragments.shown import result, wrong
from tests.doors.promo.fragments.stocking import CODE

LONG_AGO = datetime.now(UTC) - timedelta(days=30)


def plan(name: str, part: dict[str, Any], **more: Any) -> Plan:
    """Return a plan as an operator writes it."""
    return msgspec.convert({"name": name, "currency": "USD", "parts": [part], **more}, Plan, strict=False)


PIPS = {
    "kind": "pips",
    "rates": [{"symbols": ["XAU*"], "pips": "20"}, {"symbols": ["EURGBP"], "pips": "4"}, {"pips": "1.5"}],
}


@pytest.fixture
async def offered(committed: Connection, stock: None) -> None:
    """A plan that is offered to everybody."""
    del stock
    await plans.save(committed, plan("default", PIPS, title="Standard", rebate="50"), LONG_AGO)


@pytest.mark.usefixtures("offered")
@pytest.mark.parametrize(
    ("symbol", "lots", "paid"),
    [
        ("EURUSD", "2", "1.50 USD"),  # pip value 1 × 2 lots × 1.5 pips, half of it
        ("XAUUSD", "1", "100.00 USD"),  # 0.1 × 100 ounces × 20 pips, half of it
        ("EURGBP", "1", "2.60 USD"),  # 1.30010 × 4 pips, half of it
    ],
)
async def test_commission_is_counted_by_the_plan_that_is_offered(
    site: httpx.AsyncClient, symbol: str, lots: str, paid: str
) -> None:
    found = result(await site.get("/informers/commission", params={"symbol": symbol, "lots": lots}))

    assert found["The partner is paid"] == found["Given on to the client"] == paid
    assert found["Plan"] == "Standard"


@pytest.mark.usefixtures("offered")
async def test_what_a_partner_is_paid_by_a_plan_of_their_own_is_not_told(
    site: httpx.AsyncClient, committed: Connection
) -> None:
    login = Login(await stocking.partner(committed))
    await plans.save(committed, plan("secret", {"kind": "pips", "rates": [{"pips": "9"}]}, rebate="10"), LONG_AGO)
    await programme.follow_plan(committed, login, "secret", LONG_AGO + timedelta(days=1))

    commission = result(await site.get("/informers/commission", params={"code": CODE}))
    rebate = result(await site.get("/informers/rebate", params={"code": CODE}))

    assert commission["The partner is paid"] == "0.75 USD"
    assert rebate == {"For each lot": "0.90 USD", "You get back": "0.90 USD"}


@pytest.mark.usefixtures("stock")
async def test_a_partner_who_gives_nothing_back_is_no_error(site: httpx.AsyncClient, committed: Connection) -> None:
    await plans.save(committed, plan("default", PIPS), LONG_AGO)

    assert result(await site.get("/informers/rebate")) == {"You get back": "0.00 USD"}


@pytest.mark.usefixtures("offered")
async def test_a_rebate_is_in_the_currency_of_the_account(site: httpx.AsyncClient) -> None:
    given = {"lots": "10", "currency": "EUR", "code": "NOBODY"}
    answer = await site.get("/informers/rebate", params=given)
    assert wrong(answer) == []
    found = result(answer)
    assert found == {"For each lot": "0.68 EUR", "You get back": "6.81 EUR"}  # 15 USD, half of it, / 1.102


@pytest.mark.usefixtures("stock")
async def test_without_a_plan_nothing_is_counted(site: httpx.AsyncClient) -> None:
    assert wrong(await site.get("/informers/commission")) == ["There is no plan to count by."]


@pytest.mark.usefixtures("stock")
async def test_what_depends_on_the_trade_is_not_foretold(site: httpx.AsyncClient, committed: Connection) -> None:
    shared = {"kind": "commission_share", "percent": "30"}
    await plans.save(committed, plan("default", shared), LONG_AGO)

    (said,) = wrong(await site.get("/informers/commission"))
    assert said.startswith("By this plan that depends on how the trade goes")


@pytest.mark.usefixtures("offered")
async def test_a_plan_that_does_not_hold_yet_is_not_counted_by(site: httpx.AsyncClient, committed: Connection) -> None:
    later = datetime.now(UTC) + timedelta(days=1)
    await plans.save(committed, plan("default", {"kind": "pips", "rates": [{"pips": "9"}]}), later)

    assert result(await site.get("/informers/commission"))["The partner is paid"] == "0.75 USD"
