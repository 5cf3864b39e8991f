import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from opencabinet.partners.plans import Plan, qualified, replay
from tests.partners.plans.making import AT, CLIENT, NO_RATES, amounts, chain, per_lot, plan, referred, rung, told

LADDER = [
    {"amount": 6},
    {"amount": 35, "least_deposit": 100},
    {"amount": 150, "least_deposit": 1000},
    {"amount": 300, "least_deposit": 3000},
]


def cpa(**given: Any) -> Plan:
    """Make a plan that pays once for a client."""
    beside = {name: given.pop(name) for name in ("levels", "caps", "filters", "rank", "currency") if name in given}
    return plan(parts=[{"kind": "cpa", "rates": [{"amount": 200}]} | given], **beside)


@pytest.mark.parametrize(
    ("asked", "done", "amount"),
    [
        ({}, {}, "200.000000"),
        ({"share": 50}, {}, "100.000000"),
        # At least 100 deposited, 80 paid and 5 lots.
        ({"least_lots": 5, "least_commission": 80}, {"lots": Decimal(5), "commission": Decimal(80)}, "200.000000"),
        ({"least_lots": 5, "least_commission": 80}, {"lots": Decimal("4.99")}, None),
        ({"least_lots": 5, "least_commission": 80}, {"commission": Decimal("79.99")}, None),
        ({"rates": [{"amount": 200, "least_deposit": 100}]}, {"deposited": Decimal("99.99")}, None),
        ({"rates": [{"amount": 200, "least_deposit": 100}]}, {"deposited": Decimal(100)}, "200.000000"),
        ({}, {"first_deposit_at": None, "deposited": Decimal(0)}, None),
        ({"rates": LADDER}, {"deposited": Decimal(10)}, "6.000000"),
        ({"rates": LADDER}, {"deposited": Decimal(100)}, "35.000000"),
        ({"rates": LADDER}, {"deposited": Decimal(2999)}, "150.000000"),
        ({"rates": LADDER}, {"deposited": Decimal(9999)}, "300.000000"),
        ({"rates": [{"amount": 900, "countries": ["CH"]}, {"amount": 200}]}, {}, "200.000000"),
        ({"rates": [{"amount": 900, "countries": ["CH", "DE"]}, {"amount": 200}]}, {}, "900.000000"),
        ({"rates": [{"amount": 900, "countries": ["CH"]}]}, {}, None),
        ({"rates": [{"amount": 900, "countries": ["CH"]}]}, {"country": None}, None),
        ({"rates": [{"amount": 900, "groups": ["*cent"]}, {"amount": 200}]}, {}, "200.000000"),
        ({"filters": {"groups_left_out": ["real*"]}}, {}, None),
        ({"caps": {"trade": 1, "month": 50}}, {}, "50.000000"),
    ],
)
def test_a_client_is_paid_for_once_they_qualify(
    asked: dict[str, Any], done: dict[str, Any], amount: str | None
) -> None:
    found = qualified(referred(**done), chain(cpa(**asked)), NO_RATES)

    assert amounts(found.lines) == ([] if amount is None else [amount])
    assert ("reason" in json.loads(found.explanation)) == (amount is None)
    assert replay(found.explanation) == found.lines


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ({"family": "cascade", "shares": [10]}, "180.000000 20.000000"),
        ({"family": "percent", "percents": [60, 25]}, "120.000000 50.000000"),
        ({"family": "pot", "amount": 3, "percents": [60, 25]}, "120.000000 50.000000"),
        ({"family": "added", "amounts": [3], "percents": [10], "most": 9}, "200.000000"),
    ],
)
def test_what_is_paid_once_is_shared_like_all_else(levels: dict[str, Any], expected: str) -> None:
    found = qualified(referred(), chain(*[cpa(levels=levels)] * 2), NO_RATES)

    assert " ".join(amounts(found.lines)) == expected
    assert {line.kind for line in found.lines} == {"qualified"}
    assert replay(found.explanation) == found.lines


def test_by_difference_each_is_paid_by_their_own_plan() -> None:
    more = cpa(rates=[{"amount": 300}], currency="EUR")
    found = qualified(referred(), [rung(cpa(), 1001), rung(more, 1002)], told(("EUR", "USD", "1.1")))

    assert amounts(found.lines) == ["200.000000", "130.000000"]
    assert replay(found.explanation) == found.lines


def test_sums_of_the_client_are_counted_in_the_currency_of_the_plan() -> None:
    rates = [{"amount": 200, "least_deposit": 100}]
    yen = referred(currency="JPY", deposited=Decimal(15_000), commission=Decimal(0))

    for rate, paid in (("150", ["200.000000"]), ("150.01", [])):
        found = qualified(yen, chain(cpa(rates=rates)), told(("USD", "JPY", rate)))
        assert amounts(found.lines) == paid
        assert replay(found.explanation) == found.lines


@pytest.mark.parametrize(
    ("plans", "reason"),
    [([], "no_partner"), ([per_lot(5)], "not_covered"), ([cpa(least_lots=1000)], "not_qualified")],
)
def test_nothing_is_paid_for_a_reason(plans: list[Plan], reason: str) -> None:
    found = qualified(referred(), chain(*plans), NO_RATES)

    assert found.lines == ()
    assert json.loads(found.explanation)["reason"] == reason
    assert replay(found.explanation) == ()


@pytest.mark.parametrize("member", ["deposited", "lots", "commission"])
@pytest.mark.parametrize("figure", ["NaN", "-Infinity", "Infinity", "1E+30"])
def test_no_figure_of_a_client_earns_the_world(member: str, figure: str) -> None:
    found = qualified(referred(**{member: Decimal(figure)}), chain(cpa(least_lots=5)), NO_RATES)

    assert replay(found.explanation) == found.lines
    assert sum(line.amount for line in found.lines) in {0, 200}


def test_a_client_may_qualify_so_many_days_after_the_first_deposit() -> None:
    once = cpa(within_days=30).cpa

    assert once is not None
    assert once.within == timedelta(days=30)
    assert referred().login == CLIENT
    assert referred().at == AT
