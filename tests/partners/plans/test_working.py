"""What is hostile, unknown or huge earns nothing, says why, and is explained like all else."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from opencabinet.kernel.ids import Login
from opencabinet.partners.plans import Line, Rate, Working, replay, worked
from tests.partners.plans.making import (
    AT,
    NO_RATES,
    amounts,
    chain,
    per_lot,
    plan,
    rung,
    told,
    traded,
)

PIPS = plan(parts=[{"kind": "pips", "rates": [{"pips": 1}]}])
LOSS = plan(parts=[{"kind": "revenue_share", "percent": 25, "of": "net_loss", "negative": "carried"}])
HUGE = Decimal(10) ** 30
NAN = Decimal("NaN")


def reason(found: Working) -> str | None:
    """Return why a working has no lines; it is replayed as well."""
    assert replay(found.explanation) == found.lines
    said: str | None = json.loads(found.explanation).get("reason")
    assert (said is None) == bool(found.lines)
    return said


def test_a_line_says_who_is_given_what() -> None:
    found = worked(
        traded(), [rung(per_lot(5), 1001), rung(per_lot(7), 1002, currency="EUR")], told(("EUR", "USD", "1.1"))
    )

    assert found.lines == (
        Line(Login(1001), 0, "commission", Decimal("5.000000"), "USD"),
        Line(Login(1002), 1, "commission", Decimal("1.818181"), "EUR"),
    )


def test_an_explanation_holds_what_the_reward_came_from() -> None:
    rates = told(("EUR", "USD", "1.1"))
    direct, master = per_lot(5, caps={"trade": 4}), per_lot(7, name="masters", currency="EUR")
    found = worked(traded(), [rung(direct, 1001), rung(master, 1002, version=3)], rates)
    said = json.loads(found.explanation)

    assert said["trade"]["ticket"] == 900_001
    assert said["trade"]["lots"] == "1"
    assert said["contract"] == {
        "contract_size": "100000",
        "currency": "USD",
        "point": "0.00001",
        "pip": "0.00010",
        "pip_value": "10.00000",
    }
    assert said["rates"] == [
        {"base": "EUR", "quote": "USD", "rate": "1.1", "source": "feed", "at": "2026-11-02T12:00:00Z"}
    ]
    assert said["rounding"] == {"places": 6, "to": "down"}
    low, high = said["rungs"]
    assert (low["level"], low["plan"], low["version"], low["own"]) == (0, "standard", 1, "5.000000")
    assert (low["capped"], low["amount"], low["caps"]["trade"]) == ("trade", "4.000000", "4")
    assert low["parts"] == [{"kind": "per_lot", "share": "100", "rate": "5"}]
    assert (high["plan"], high["version"], high["own"], high["given"]) == ("masters", 3, "7.000000", "2.700000")
    assert [line["amount"] for line in said["lines"]] == ["4.000000", "2.700000"]


def test_the_lots_of_the_month_are_told_where_a_tier_asks_for_them() -> None:
    rate = {"rate": 7, "steps": [{"lots": 100, "rate": 8}, {"lots": 200, "rate": 9}]}
    stepped = plan(parts=[{"kind": "per_lot", "rates": [rate]}])
    said = json.loads(worked(traded(), [rung(stepped, month_lots=Decimal("150.5"))], NO_RATES).explanation)

    assert said["rungs"][0]["month_lots"] == "150.5"
    assert said["rungs"][0]["parts"] == [
        {"kind": "per_lot", "share": "100", "rate": "8", "reached": "100", "below": "200"}
    ]


@pytest.mark.parametrize(
    ("trade", "plans", "expected"),
    [
        ({}, [], "no_partner"),
        ({"contract_size": None}, [PIPS], "no_contract_size"),
        ({"symbol": "JP225"}, [PIPS], "no_profit_currency"),
        ({"symbol": "USDJPY"}, [PIPS], "no_exchange_rate"),
        ({"symbol": "X"}, [plan(parts=[{"kind": "pips", "rates": [{"symbols": ["EUR*"], "pips": 1}]}])], "not_covered"),
        ({}, [plan(parts=[{"kind": "cpa", "rates": [{"amount": 1}]}])], "not_covered"),
        ({}, [per_lot(0)], "comes_to_nothing"),
        ({"lots": Decimal("0.00000001")}, [per_lot(5)], "comes_to_nothing"),
        ({}, [LOSS, LOSS], None),
    ],
)
def test_what_nobody_told_is_not_guessed(trade: dict[str, Any], plans: list[Any], expected: str | None) -> None:
    assert reason(worked(traded(**trade), chain(*plans), NO_RATES)) == expected


@pytest.mark.parametrize("figure", [NAN, Decimal("sNaN"), Decimal("Infinity"), Decimal("-Infinity"), HUGE, -HUGE])
@pytest.mark.parametrize("member", ["lots", "contract_size", "profit", "commission", "open_price", "close_price"])
def test_no_figure_of_a_trade_earns_the_world(member: str, figure: Decimal) -> None:
    all_of_it = plan(
        parts=[
            {"kind": "pips", "rates": [{"pips": 20}]},
            {"kind": "per_lot", "rates": [{"rate": 5}]},
            {"kind": "commission_share", "percent": 50},
            {"kind": "revenue_share", "percent": 25, "of": "net_loss", "negative": "carried"},
        ],
        filters={"least_pips": 1},
    )
    found = worked(traded(**{member: figure}), chain(all_of_it), NO_RATES)

    assert replay(found.explanation) == found.lines
    assert all(abs(line.amount) < 10**15 for line in found.lines)
    assert not found.lines or figure.is_finite()


@pytest.mark.parametrize("figure", [NAN, Decimal("Infinity"), HUGE])
@pytest.mark.parametrize("member", ["month_lots", "month_amount", "day_amount"])
def test_no_figure_of_a_partner_earns_the_world(member: str, figure: Decimal) -> None:
    rate = {"rate": 7, "steps": [{"lots": 100, "rate": 8}]}
    capped = plan(parts=[{"kind": "per_lot", "rates": [rate]}], caps={"day": 9, "month": 9})
    found = worked(traded(), [rung(capped, 1001, **{member: figure})], NO_RATES)

    assert replay(found.explanation) == found.lines
    assert sum(line.amount for line in found.lines) <= 8


@pytest.mark.parametrize("rate", ["0", "-1.1", "NaN", "Infinity", "1E+30", "1E-30", f"1.{'1' * 80}"])
def test_a_rate_that_is_none_is_not_used(rate: str) -> None:
    assert reason(worked(traded(), chain(per_lot(5), per_lot(7, currency="EUR")), told(("EUR", "USD", rate)))) == (
        "no_exchange_rate"
    )


def test_what_nobody_told_for_a_plan_further_up_costs_nobody_else() -> None:
    found = worked(traded(contract_size=None), chain(per_lot(5), PIPS, per_lot(7)), NO_RATES)

    assert amounts(found.lines) == ["5.000000", "2.000000"]
    assert json.loads(found.explanation)["rungs"][1]["lacks"] == "no_contract_size"
    assert replay(found.explanation) == found.lines


def test_a_trade_that_waits_for_a_rate_says_for_which() -> None:
    found = worked(traded(symbol="USDJPY", digits=3), chain(PIPS), NO_RATES)

    assert json.loads(found.explanation)["lacks"] == "JPY/USD"


@pytest.mark.parametrize("pair", [("GBP", "USD"), ("EUR", "GBP"), ("USD", "USD"), ("EUR", "EUR")])
def test_a_rate_of_other_currencies_is_not_used(pair: tuple[str, str]) -> None:
    wrong: Callable[[str, str], Rate] = lambda base, quote: Rate(*pair, Decimal(2), "feed", AT)  # noqa: ARG005, E731

    assert reason(worked(traded(), [rung(per_lot(5), currency="EUR")], wrong)) == "no_exchange_rate"


def test_two_currencies_are_asked_for_once_and_converted_back_at_the_same_rate() -> None:
    asked = []

    def rates(base: str, quote: str) -> Rate:
        asked.append((base, quote))
        return Rate(base, quote, Decimal("1.25") if base == "USD" else Decimal("0.9"), "feed", AT)

    found = worked(traded(), [rung(per_lot(5, rebate=100), currency="EUR")], rates)

    assert asked == [("USD", "EUR")]
    assert amounts(found.lines) == ["5.000000"]  # 6.25 in EUR, and back
    assert replay(found.explanation) == found.lines


def test_more_levels_than_are_paid_are_not_looked_at() -> None:
    found = worked(traded(), [rung(per_lot(1 + each), 1001 + each) for each in range(25)], NO_RATES)

    assert [line.level for line in found.lines] == [*range(10)]
    assert sum(line.amount for line in found.lines) == 10


def test_a_reward_that_is_owed_back_is_shared_as_it_was_earned() -> None:
    won, lost = traded(profit=Decimal(100)), traded(profit=Decimal(-100))
    more = plan(parts=[{"kind": "revenue_share", "percent": 40, "of": "net_loss", "negative": "carried"}])

    assert amounts(worked(lost, chain(LOSS, more), NO_RATES).lines) == ["25.000000", "15.000000"]
    assert amounts(worked(won, chain(LOSS, more), NO_RATES).lines) == ["-25.000000", "-15.000000"]


def test_the_longest_explanation_fits() -> None:
    figure, long = "999999999.99999999", Decimal("123456789012345.12345678")
    rising = [{"lots": 1 + each, "rate": f"{100000000 + each}.99999999"} for each in range(10)]
    parts = [{"kind": "per_lot", "share": "99.99999999", "lot_units": figure, "rates": [{"rate": 1, "steps": rising}]}]
    caps = {"trade": figure, "day": figure, "month": figure}
    names = ["ABCDEFG" + letter for letter in "HIJKLMNOPQ"]
    trade = traded(
        symbol="\u0001" * 64,
        group="\u0001" * 64,
        contract_size=Decimal("123456789.12345678"),
        **dict.fromkeys(["profit", "swap", "bonus", "open_price", "close_price"], long),
        **dict.fromkeys(["commission", "fee"], -long),
    )
    rungs = [
        rung(
            plan(name="a" * 40, parts=parts * 4, caps=caps, currency=name),
            2**63 - 1 - level,
            currency=name,
            month_lots=Decimal(f"{level}.99999999"),
            month_amount=-long,
            day_amount=-long,
            version=2**31 - 1,
        )
        for level, name in enumerate(names)
    ]
    rates = [(names[0], name, "1." + "1" * 40) for name in names[1:]]
    found = worked(trade, rungs, told(*rates))

    assert len(found.lines) == 10
    assert len(found.explanation) <= 16_384
    assert replay(found.explanation) == found.lines
