"""Figures that brokers publish, and what they come to here."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from opencabinet.partners.plans import Plan, replay, worked
from tests.partners.plans.making import (
    AT,
    CLIENT,
    NO_RATES,
    amounts,
    chain,
    per_lot,
    plan,
    rung,
    told,
    traded,
)

BROKER = [
    {"symbols": ["XAU*", "XAG*"], "pips": 20},
    {
        "symbols": ["EURUSD*", "GBPUSD*", "USDJPY*", "USDCHF*", "AUDUSD*", "USDCAD*", "NZDUSD*", "EURGBP*"],
        "pips": "1.5",
    },
    {"pips": 4},
]
RATES = told(("USD", "JPY", "150"), ("GBP", "USD", "1.25"), ("USD", "SEK", "10"), ("EUR", "USD", "1.1"))


@pytest.mark.parametrize(
    ("symbol", "digits", "size", "lots", "amount"),
    [
        ("EURUSD", 5, 10_000, 1, "1.500000"),  # one lot of XXX/USD is one dollar a pip
        ("EURUSD", 4, 10_000, 3, "4.500000"),
        ("EURUSD.m", 5, 10_000, 1, "1.500000"),
        ("EURUSD", 5, 100_000, 1, "15.000000"),  # the lot of other brokers
        ("USDJPY", 3, 10_000, 1, "1.000000"),  # 100 yen a pip, at 150 for a dollar, 1.5 of them
        ("USDJPY", 2, 10_000, 3, "3.000000"),
        ("EURGBP", 5, 10_000, 1, "1.875000"),  # a cross: one pound a pip
        ("USDSEK", 5, 10_000, 1, "0.400000"),  # an exotic pair: 4 pips
        ("XAUUSD", 2, 100, 1, "200.000000"),  # gold: a pip is 0.1
        ("XAGUSD", 3, 5_000, "0.1", "100.000000"),  # silver: a pip is 0.01
    ],
)
def test_pips_of_an_affiliate(symbol: str, digits: int, size: int, lots: object, amount: str) -> None:
    pips = plan(parts=[{"kind": "pips", "rates": BROKER}])
    trade = traded(symbol=symbol, digits=digits, contract_size=Decimal(size), lots=Decimal(str(lots)))
    found = worked(trade, chain(pips), RATES)

    assert amounts(found.lines) == [amount]
    assert replay(found.explanation) == found.lines


@pytest.mark.parametrize("profit", ["-130", "0", "130"])
def test_pips_are_paid_whether_the_trade_won_or_lost(profit: str) -> None:
    pips = plan(parts=[{"kind": "pips", "rates": BROKER}])

    assert amounts(worked(traded(profit=Decimal(profit)), chain(pips), NO_RATES).lines) == ["15.000000"]


def test_a_contract_for_difference_by_what_the_plan_tells_of_it() -> None:
    contract = {"symbols": ["JP225"], "contract_size": 100, "currency": "JPY", "pip": 10}
    pips = plan(parts=[{"kind": "pips", "rates": BROKER}], contracts=[contract])
    trade = traded(symbol="JP225", digits=0, contract_size=None, lots=Decimal(3))

    assert amounts(worked(trade, chain(pips), RATES).lines) == ["80.000000"]  # 4 x 10 x 100 x 3 yen
    assert worked(trade, chain(plan(parts=[{"kind": "pips", "rates": BROKER}])), RATES).lines == ()


@pytest.mark.parametrize(
    ("plans", "expected"),
    [
        # Each hands on a percent of what came up to them.
        ([per_lot(5, levels={"family": "cascade", "shares": [20, 10]})] * 4, "4.000000 0.900000 0.090000 0.010000"),
        ([per_lot(5, levels={"family": "cascade", "shares": [20, 10]})] * 2, "4.000000 1.000000"),
        # A master of 7 with a sub-partner of 5.
        ([per_lot(5), per_lot(7)], "5.000000 2.000000"),
        ([per_lot(7), per_lot(5)], "7.000000"),
        ([per_lot(5), per_lot(4), per_lot(8)], "5.000000 3.000000"),
        ([per_lot(5, levels={"family": "difference", "depth": 1}), per_lot(7)], "5.000000"),
        # A pot of 10 for a lot.
        ([plan(levels={"family": "pot", "amount": 10, "percents": [60, 25, 15]})] * 3, "6.000000 2.500000 1.500000"),
        ([plan(levels={"family": "pot", "amount": 10, "percents": [60, 25, 15]})] * 4, "6.000000 2.500000 1.500000"),
        ([plan(levels={"family": "pot", "amount": 10, "percents": [60, 25, 15]})], "6.000000"),
        # Seven for the direct partner's lot, and one on top for the one above.
        ([per_lot(7, levels={"family": "added", "amounts": [1], "most": 10})] * 2, "7.000000 1.000000"),
        ([per_lot(7, levels={"family": "added", "amounts": [2, 2], "most": 10})] * 3, "7.000000 2.000000 1.000000"),
        ([per_lot(7, levels={"family": "added", "percents": [10], "most": 10})] * 3, "7.000000 0.700000"),
        ([per_lot(7, levels={"family": "added", "amounts": [1], "most": 5})] * 2, "5.000000"),
    ],
)
def test_levels(plans: list[Plan], expected: str) -> None:
    found = worked(traded(), chain(*plans), NO_RATES)

    assert " ".join(amounts(found.lines)) == expected
    assert replay(found.explanation) == found.lines


def ranked(rank: int, unspent: str) -> Plan:
    """Make a plan of a rank, with a pot of 10."""
    return plan(rank=rank, levels={"family": "pot", "amount": 10, "percents": [60, 25, 15], "unspent": unspent})


@pytest.mark.parametrize(
    ("ranks", "unspent", "expected"),
    [
        ([0, 2], "house", "6.000000 1.500000"),
        ([0, 2], "up", "6.000000 4.000000"),
        ([2], "house", "1.500000"),
        ([2], "up", "10.000000"),
        ([1, 0, 2], "house", "2.500000 1.500000"),
        ([1, 1, 2], "up", "8.500000 1.500000"),
        ([0, 9], "up", "6.000000 4.000000"),
        ([0, 9], "house", "6.000000"),
    ],
)
def test_a_pot_by_ranks_leaves_what_nobody_holds_to_the_house_or_up(
    ranks: list[int], unspent: str, expected: str
) -> None:
    found = worked(traded(), chain(*(ranked(each, unspent) for each in ranks)), NO_RATES)

    assert " ".join(amounts(found.lines)) == expected
    assert replay(found.explanation) == found.lines


def test_percent_of_the_revenue_by_rank() -> None:
    parts = [
        {"kind": "commission_share", "percent": 100},
        {"kind": "markup", "rates": [{"points": 10}]},
    ]
    shared = plan(parts=parts, levels={"family": "percent", "percents": [30, 10]})
    found = worked(traded(commission=Decimal(-7)), chain(shared, shared), NO_RATES)

    assert amounts(found.lines) == ["5.100000", "1.700000"]  # of 7 + 10 points of 1 dollar each
    assert replay(found.explanation) == found.lines


@pytest.mark.parametrize(
    ("part", "trade", "amount"),
    [
        ({"kind": "spread_share", "percent": 30, "spreads": [{"points": 12}]}, {}, "3.600000"),
        ({"kind": "commission_share", "percent": "33.33"}, {"commission": "-7"}, "2.333100"),
        ({"kind": "commission_share", "percent": "33.33"}, {"commission": "-0.10"}, "0.033330"),
        ({"kind": "markup", "percent": 50, "rates": [{"rate": 3}]}, {}, "1.500000"),
        ({"kind": "markup", "percent": 100, "rates": [{"points": 20}], "most": 15}, {}, "15.000000"),
        (
            {"kind": "revenue_share", "percent": 40, "spreads": [{"points": 10}]},
            {"commission": "-7", "swap": "-2", "bonus": "3", "fee": "-1"},
            "6.000000",  # 40 % of 10 + 7 + 2 - 3 - 1
        ),
        ({"kind": "revenue_share", "percent": 25, "of": "net_loss"}, {"profit": "-100", "swap": "4"}, "24.000000"),
        (
            {"kind": "revenue_share", "percent": 25, "of": "net_loss", "negative": "carried"},
            {"profit": "100"},
            "-25.000000",
        ),
        ({"kind": "per_lot", "rates": [{"symbols": ["XAU*"], "rate": 4}, {"rate": 2}]}, {}, "2.000000"),
        ({"kind": "per_lot", "rates": [{"symbols": ["XAU*"], "rate": 4}]}, {"symbol": "xauusd"}, "4.000000"),
        ({"kind": "per_lot", "rates": [{"groups": ["*standard"], "rate": 4}, {"rate": 2}]}, {}, "4.000000"),
        ({"kind": "per_lot", "lot_units": 10_000, "rates": [{"rate": "0.5"}]}, {"lots": "0.01"}, "0.050000"),
        ({"kind": "per_lot", "lot_units": 30_000, "rates": [{"rate": 3}]}, {}, "10.000000"),
        ({"kind": "per_lot", "share": 50, "rates": [{"rate": 5}]}, {"lots": "0.01"}, "0.025000"),
        ({"kind": "per_lot", "rates": [{"rate": "0.0001"}]}, {"lots": "0.019"}, "0.000001"),  # cut down
    ],
)
def test_parts(part: dict[str, Any], trade: dict[str, Any], amount: str) -> None:
    figures = {name: value if name == "symbol" else Decimal(value) for name, value in trade.items()}
    found = worked(traded(**figures), chain(plan(parts=[part])), NO_RATES)

    assert amounts(found.lines) == [amount]
    assert replay(found.explanation) == found.lines


@pytest.mark.parametrize(("lots", "amount"), [("0", "7"), ("99.99", "7"), ("100", "7.5"), ("499", "7.5"), ("500", "9")])
def test_tiers_go_by_the_lots_of_the_month_before_the_trade(lots: str, amount: str) -> None:
    rate = {"rate": 7, "steps": [{"lots": 100, "rate": "7.5"}, {"lots": 500, "rate": 9}]}
    stepped = plan(parts=[{"kind": "per_lot", "rates": [rate]}])
    found = worked(traded(), [rung(stepped, month_lots=Decimal(lots))], NO_RATES)

    assert found.lines[0].amount == Decimal(amount)
    assert replay(found.explanation) == found.lines


def test_a_hybrid_is_several_parts_each_with_its_share() -> None:
    parts = [
        {"kind": "per_lot", "share": 50, "rates": [{"rate": 8}]},
        {"kind": "commission_share", "share": 50, "percent": 30},
        {"kind": "cpa", "share": 50, "rates": [{"amount": 200}]},
    ]

    assert amounts(worked(traded(commission=Decimal(-10)), chain(plan(parts=parts)), NO_RATES).lines) == ["5.500000"]


def test_a_rebate_takes_its_percent_of_the_direct_partners_reward() -> None:
    direct, master = per_lot(5, rebate="33.3333"), per_lot(7, rebate=100)
    found = worked(traded(currency="EUR"), chain(direct, master), told(("EUR", "USD", "1.25")))

    assert [(line.login, line.level, line.kind, str(line.amount), line.currency) for line in found.lines] == [
        (1001, 0, "commission", "3.333335", "USD"),
        (CLIENT, 0, "rebate", "1.333332", "EUR"),
        (1002, 1, "commission", "2.000000", "USD"),
    ]
    assert replay(found.explanation) == found.lines


def test_all_of_a_reward_may_be_the_clients() -> None:
    found = worked(traded(), chain(per_lot(5, rebate=100)), NO_RATES)

    assert [(line.login, line.kind, str(line.amount)) for line in found.lines] == [(CLIENT, "rebate", "5.000000")]


def test_a_rebate_too_small_for_its_currency_is_nothing() -> None:
    small = traded(lots=Decimal("0.0000002"), currency="EUR")
    found = worked(small, chain(per_lot(5, rebate=100)), told(("EUR", "USD", "1.25")))

    assert found.lines == ()
    assert '"reason":"comes_to_nothing"' in found.explanation
    assert replay(found.explanation) == ()


@pytest.mark.parametrize(
    ("caps", "before", "amount", "capped"),
    [
        ({"trade": 3}, {}, "3", "trade"),
        ({"day": 6}, {"day_amount": Decimal(4)}, "2", "day"),
        ({"month": 6}, {"month_amount": Decimal(2)}, "4", "month"),
        ({"trade": 4, "month": 6}, {"month_amount": Decimal("2.5")}, "3.5", "month"),
        ({"trade": 9, "day": 9, "month": 9}, {}, "5", None),
        ({"day": 6}, {"day_amount": Decimal(6)}, None, "day"),
        ({"day": 6}, {"day_amount": Decimal(60)}, None, "day"),
    ],
)
def test_caps_of_a_partner(
    caps: dict[str, int], before: dict[str, Decimal], amount: str | None, capped: str | None
) -> None:
    found = worked(traded(), [rung(per_lot(5, caps=caps), 1001, **before)], NO_RATES)

    assert [line.amount for line in found.lines] == ([] if amount is None else [Decimal(amount)])
    assert (f'"capped":"{capped}"' in found.explanation) == (capped is not None)
    assert ('"reason":"capped"' in found.explanation) == (amount is None)
    assert replay(found.explanation) == found.lines


@pytest.mark.parametrize(
    ("filters", "trade", "reason"),
    [
        ({"least_seconds": 60}, {"opened_at": AT - timedelta(seconds=59)}, "held_too_short"),
        ({"least_seconds": 60}, {"opened_at": None}, "opening_unknown"),
        ({"least_seconds": 60}, {"opened_at": AT - timedelta(seconds=60)}, None),
        ({"least_pips": 13}, {}, None),
        ({"least_pips": "13.1"}, {}, "moved_too_little"),
        ({"least_pips": 1}, {"open_price": None}, "opening_unknown"),
        ({"least_pips": 13}, {"open_price": Decimal("1.10470")}, None),  # whichever way it moved
        ({"symbols_left_out": ["XAU*", "eur*"]}, {}, "symbol_left_out"),
        ({"groups_left_out": ["*\\cent", "*\\standard"]}, {}, "group_left_out"),
        ({"groups_left_out": ["standard"]}, {}, None),
        ({}, {"closed_by": 900_000}, "closed_as_pair"),
        ({}, {"closed_by": 900_002}, None),
        ({"pairs_once": False}, {"closed_by": 900_000}, None),
        ({}, {"lots": Decimal(0)}, "no_lots"),
        ({}, {"lots": Decimal(-1)}, "no_lots"),
    ],
)
def test_filters_say_why_a_trade_earns_nothing(
    filters: dict[str, Any], trade: dict[str, Any], reason: str | None
) -> None:
    found = worked(traded(**trade), chain(per_lot(5, filters=filters), per_lot(7)), NO_RATES)

    assert len(found.lines) == (2 if reason is None else 0)
    assert (f'"reason":"{reason}"' in found.explanation) == (reason is not None)
    assert replay(found.explanation) == found.lines
