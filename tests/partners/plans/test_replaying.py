import json
from collections.abc import Sequence
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from msgspec import structs

from opencabinet.partners.plans import BadExplanation, Working, joined, qualified, replay, worked
from tests.partners.plans.making import NO_RATES, Chance, chain, per_lot, plan, referred, rung, told, traded
from tests.partners.plans.resealing import RESULTS, changed, leaves, opened, others, sealed

MANY = 10_000


def test_ten_thousand_explanations_by_chance_give_the_same_amounts() -> None:
    chance = Chance(Random(20261102))  # noqa: S311 - the same each time
    chains, trades = [chance.chain() for _ in range(400)], [chance.traded() for _ in range(1000)]
    rates = [chance.rates(unknown=0.02) for _ in range(100)]
    earned, reasons = 0, set()
    for _ in range(MANY):
        found = worked(chance.either(*trades), chance.either(*chains), chance.either(*rates))
        assert replay(found.explanation) == found.lines
        earned += bool(found.lines)
        reasons.add(json.loads(found.explanation).get("reason"))

    assert earned > MANY / 3
    assert len(reasons) >= 9


def test_what_is_kept_in_pieces_is_the_same_explanation() -> None:
    chance = Chance(Random(11))  # noqa: S311 - the same each time
    for _ in range(1000):
        found = worked(chance.traded(), chance.chain(), chance.rates(unknown=0.1))
        kept = found.kept
        assert joined(kept.told, kept.basis.text if kept.basis else None) == found.explanation
        said = json.loads(found.explanation)
        assert ("reason" in said) == (not found.lines)
        assert [each["amount"] for each in said.get("lines", [])] == [str(line.amount) for line in found.lines]


def test_trades_of_a_kind_have_one_basis() -> None:
    levels = chain(per_lot(5), per_lot(7))
    one, other = worked(traded(), levels, NO_RATES), worked(traded(lots=Decimal(3)), levels, NO_RATES)
    gold = worked(traded(symbol="XAUUSD"), levels, NO_RATES)
    higher = worked(traded(), [levels[0], structs.replace(levels[1], version=2)], NO_RATES)

    keys = [each.basis.key for each in (one, other, gold, higher) if each.basis]
    assert keys[0] == keys[1]
    assert len({*keys}) == 3
    assert len(one.kept.told) < len(one.explanation) / 2


def test_results_are_not_looked_at() -> None:
    chance = Chance(Random(7))  # noqa: S311 - the same each time
    for _ in range(300):
        found = worked(chance.traded(), chance.chain(), chance.rates(unknown=0.1))
        spoiled = sealed(spoil(opened(found.explanation)))
        assert replay(spoiled) == found.lines


def spoil(told: Any) -> Any:
    """Return an explanation with all results changed for nonsense."""
    if isinstance(told, list):
        return [spoil(each) for each in told]
    if not isinstance(told, dict):
        return told
    return {key: "nonsense" if key in RESULTS else spoil(value) for key, value in told.items()}


def test_an_edit_is_refused_whatever_it_is() -> None:
    text = worked(traded(), chain(per_lot(5), per_lot(7)), NO_RATES).explanation
    for place, letter in enumerate(text):
        edited = text[:place] + ("0" if letter != "0" else "1") + text[place + 1 :]
        with pytest.raises(BadExplanation):
            replay(edited)


@pytest.mark.parametrize(
    "text",
    ["", "{}", "null", "[]", "x" * 20_000, "\ud800", '{"form":1}', ',"checksum":"', '{"form":1,"checksum":"00"}'],
)
def test_what_is_no_explanation_is_refused(text: str) -> None:
    with pytest.raises(BadExplanation):
        replay(text)


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"form": 2},
        {"form": 1, "rounding": {"places": 2, "to": "down"}},
        {"form": 1, "rounding": {"places": 6, "to": "down"}, "rungs": 1},
        {"form": 1, "rounding": {"places": 6, "to": "down"}, "rungs": [{}]},
        {"form": 1, "rounding": {"places": 6, "to": "down"}, "rungs": [{}], "levels": {"depth": 1}},
        {"form": 1, "rounding": {"places": 6, "to": "down"}, "rungs": [[]], "levels": {"depth": "x"}},
    ],
)
def test_what_lacks_something_is_refused_even_with_a_checksum(told: dict[str, Any]) -> None:
    with pytest.raises(BadExplanation):
        replay(sealed(told))


PARTS: list[dict[str, Any]] = [
    {"kind": "pips", "share": 90, "rates": [{"pips": "1.5"}]},
    {"kind": "spread_share", "percent": 30, "share": 80, "spreads": [{"points": 12}]},
    {"kind": "commission_share", "percent": 20, "share": 70},
    {"kind": "revenue_share", "percent": 10, "share": 60, "spreads": [{"points": 9}], "negative": "carried"},
]
STEPPED: list[dict[str, Any]] = [
    {
        "kind": "per_lot",
        "lot_units": 10_000,
        "rates": [{"rate": 1, "steps": [{"lots": 100, "rate": 2}, {"lots": 200, "rate": 3}]}],
    },
    {"kind": "markup", "percent": 50, "share": 90, "rates": [{"rate": 3}]},
    {"kind": "markup", "percent": 50, "share": 90, "rates": [{"points": 3}], "most": 1},
    {"kind": "revenue_share", "percent": 10, "of": "net_loss"},
]
RATES = told(("EUR", "USD", "1.1"), ("USD", "JPY", "150"), ("EUR", "JPY", "165"))
TRADE = traded(
    currency="EUR",
    commission=Decimal(-7),
    swap=Decimal(-2),
    fee=Decimal("-1.5"),
    bonus=Decimal("0.5"),
    profit=Decimal(-50),
    closed_by=900_002,
)
WATCHED = {"least_seconds": 60, "least_pips": 5}


def examples() -> Sequence[Working]:
    """Return explanations of all kinds, of trades that earn and trades that do not."""
    long, capped = plan(parts=PARTS), {"trade": 9, "day": 9, "month": 9}
    stepped = plan(parts=STEPPED, filters=WATCHED, rebate=10)
    divided = {"percents": [60, 25, 15], "unspent": "up"}
    before: dict[str, Any] = {"month_lots": Decimal(150), "currency": "JPY"}
    own_lots = plan(parts=STEPPED[:1], levels={"family": "cascade", "shares": [20, 10], "depth": 3})
    added = {"family": "added", "amounts": [3, 1], "percents": [10], "most": 9, "depth": 3}
    cpa = {"kind": "cpa", "share": 90, "rates": [{"amount": 100, "least_deposit": 50}], "least_lots": 5}
    once = plan(parts=[cpa | {"least_commission": 3}], levels={"family": "difference", "depth": 1})
    return [
        worked(TRADE, [rung(stepped, 1001, **before), rung(long, 1002), rung(long, 1003, currency="EUR")], RATES),
        worked(TRADE, [rung(own_lots, 1001 + each, **before) for each in range(4)], RATES),
        *(worked(TRADE, [rung(per_lot(50, caps={each: 9}), 1001, **of_before(each))], RATES) for each in capped),
        worked(
            TRADE, chain(*(plan(rank=rank, levels={"family": "pot", "amount": 9, **divided}) for rank in (0, 2))), RATES
        ),
        worked(TRADE, chain(*[plan(parts=PARTS, levels={"family": "percent", **divided})] * 2), RATES),
        worked(TRADE, chain(*[per_lot(7, levels=added)] * 4), RATES),
        worked(structs.replace(TRADE, closed_by=1), chain(per_lot(7)), RATES),
        worked(structs.replace(TRADE, swap=Decimal(90)), chain(plan(parts=PARTS[3:])), RATES),
        worked(TRADE, chain(per_lot(7, filters={"symbols_left_out": ["eur*"]})), RATES),
        worked(TRADE, chain(per_lot(7, filters={"groups_left_out": ["real*"]})), RATES),
        qualified(referred(currency="EUR"), chain(once, once), RATES),
    ]


def of_before(cap: str) -> dict[str, Decimal]:
    """Return what was given before, where a cap counts it."""
    return {} if cap == "trade" else {f"{cap}_amount": Decimal(2)}


def place(path: Sequence[str | int]) -> str:
    """Return a place in an explanation, whichever entry of a list it is in."""
    return ".".join("*" if isinstance(key, int) else key for key in path)


def value_at(told: Any, path: Sequence[str | int]) -> Any:
    """Return the value in a place of an explanation."""
    for key in path:
        told = told[key]
    return told


def heeded(found: Working, path: tuple[str | int, ...]) -> bool:
    """Whether another value in a place, with a checksum that is right, gives other lines or is refused."""
    for other in others(value_at(opened(found.explanation), path)):
        try:
            if replay(changed(found.explanation, path, other)) != found.lines:
                return True
        except BadExplanation:
            return True
    return False


NAMES = {
    "client.at",
    "client.country",
    "client.group",
    "client.login",
    "rates.*.at",
    "rates.*.source",
    "rungs.*.plan",
    "rungs.*.version",
    "trade.side",
}
"""Inputs that only name something, or say why a rate holds: no figure depends on them."""


def test_every_input_is_heeded_but_those_that_only_name_something() -> None:
    places, counted = set(), set()
    for found in examples():
        assert replay(found.explanation) == found.lines
        for path in leaves(opened(found.explanation)):
            places.add(place(path))
            if heeded(found, path):
                counted.add(place(path))

    assert places - counted == NAMES
