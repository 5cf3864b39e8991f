import json
import re
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import get_args

import msgspec
import pytest

from opencabinet.partners.plans import BadPlan, Plan, levels, parts, rules, worked
from opencabinet.partners.plans.figures import fits
from opencabinet.partners.plans.plan import Caps, Contract, Filters
from tests.partners.plans.making import NO_RATES, Chance, amounts, chain, rung, traded

GOOD = """
[[plans]]
name = "standard"
currency = "USD"
rebate = 12.5
hold_days = 14
levels = { family = "cascade", shares = [20, "10"] }
filters = { least_seconds = 60, symbols_left_out = ["*.cent"] }
caps = { day = 1000 }

[[plans.parts]]
kind = "per_lot"
rates = [{ symbols = ["XAU*"], rate = 4, steps = [{ lots = 100, rate = 4.5 }] }, { rate = 2 }]

[[plans.parts]]
kind = "cpa"
share = 50
rates = [{ amount = 200, least_deposit = 100, countries = ["DE"] }]
least_lots = 5
within_days = 90
"""
AS_JSON = b'{"plans":[{"name":"a","currency":"USD","parts":[{"kind":"commission_share","percent":33.3}]}]}'
PART = b'{"plans":[{"name":"a","currency":"USD","parts":[%b]}]}'
LEVELS = b'{"plans":[{"name":"a","currency":"USD","levels":%b,"parts":[]}]}'


def test_figures_of_a_file_are_exact() -> None:
    [found] = rules.read(GOOD.encode())

    assert (found.rebate, found.hold_days, found.caps.day) == (Decimal("12.5"), 14, Decimal(1000))
    assert found.levels.shares == (Decimal(20), Decimal(10))  # type: ignore[union-attr]
    assert found.parts[0].rates[0].steps[0].rate == Decimal("4.5")  # type: ignore[union-attr]
    assert found.cpa is not None
    assert found.cpa.rates[0].countries == ("DE",)


def test_a_file_may_be_json() -> None:
    [found] = rules.read(b" \n" + AS_JSON)

    assert found.parts[0].percent == Decimal("33.3")  # type: ignore[union-attr]


def test_plans_that_are_given_out_can_be_read_again() -> None:
    chance = Chance(Random(11))  # noqa: S311 - the same each time
    plans = tuple({plan.name: plan for plan in (chance.plan() for _ in range(50))}.values())

    assert rules.read(rules.written(plans)) == plans
    assert rules.read(rules.written(rules.read(GOOD.encode()))) == rules.read(GOOD.encode())


def test_an_empty_list_of_plans_holds_none() -> None:
    assert rules.read(b"plans = []") == ()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "plans"),
        (b"\xff", "utf-8"),
        (b"{", "truncated"),
        (b"[[plans", "end of document"),
        (b"{}", "plans"),
        (b"plans = 1", "plans"),
        (b"#" * (rules.LARGEST + 1), "1 MiB"),
        (b"plans = " + b"[" * 100_000, "no file of plans"),
        (b'{"plans":' + b"[" * 100_000, "no file of plans"),
        (b"plans = [" + b"9" * 100_000 + b"]", "no file of plans"),
        (GOOD.encode() + b"colour = 1", "colour"),
        (GOOD.replace('"standard"', '"Standard One"').encode(), r"plans\[0\].name"),
        (GOOD.replace('"standard"', f'"{"a" * 41}"').encode(), r"plans\[0\].name"),
        (GOOD.replace('"USD"', '"usd"').encode(), r"plans\[0\].currency"),
        (GOOD.encode() * 2, "'standard' is there twice"),
        (GOOD.replace("12.5", "100.1").encode(), r"rebate is at least 0 and at most 100 .* `\$.plans\[0\]`"),
        (GOOD.replace("12.5", "nan").encode(), "rebate"),
        (GOOD.replace("12.5", "inf").encode(), "rebate"),
        (GOOD.replace("12.5", "-1").encode(), "rebate"),
        (GOOD.replace("12.5", "1e30").encode(), "rebate"),
        (GOOD.replace("12.5", "1e400000000").encode(), "rebate"),
        (GOOD.replace("12.5", "1e-400000000").encode(), "rebate has at most 8 decimal places"),
        (GOOD.replace("12.5", "0e400000000").encode(), "rebate has at most 8 decimal places"),
        (GOOD.replace("12.5", "0.123456789").encode(), "rebate has at most 8 decimal places"),
        (GOOD.replace("12.5", '"x"').encode(), "rebate"),
        (GOOD.replace("4.5", "-4.5").encode(), r"rate is at least 0 .*plans\[0\].parts\[0\].rates\[0\].steps\[0\]"),
        (GOOD.replace("lots = 100", "lots = 0").encode(), "lots is above 0"),
        (GOOD.replace("hold_days = 14", "hold_days = 367").encode(), "hold_days"),
        (GOOD.replace("hold_days = 14", "hold_days = 1.5").encode(), "hold_days"),
        (GOOD.replace("hold_days = 14", "rank = 10").encode(), "rank"),
        (GOOD.replace("day = 1000", "day = -1").encode(), r"day is at least 0 .*plans\[0\].caps"),
        (GOOD.replace("day = 1000", "year = 1").encode(), "year"),
        (GOOD.replace("least_seconds = 60", "least_seconds = -1").encode(), "least_seconds"),
        (GOOD.replace("least_seconds = 60", f"least_seconds = {10**30}").encode(), "least_seconds|no file"),
        (GOOD.replace('"*.cent"', '""').encode(), "symbols_left_out"),
        (GOOD.replace('"*.cent"', f'"{"*" * 65}"').encode(), "symbols_left_out"),
        (GOOD.replace("[20, ", "[120, ").encode(), "shares is at least 0 and at most 100"),
        (GOOD.replace('[20, "10"]', "[]").encode(), "shares"),
        (GOOD.replace('[20, "10"]', "[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]").encode(), "shares"),
        (GOOD.replace('"cascade"', '"pyramid"').encode(), "pyramid"),
        (GOOD.replace('"per_lot"', '"per_click"').encode(), "per_click"),
        (GOOD.replace('["DE"]', '["de"]').encode(), "countries"),
        (GOOD.replace("within_days = 90", "within_days = 0").encode(), "within_days"),
        (GOOD.replace("share = 50", "share = 101").encode(), r"share is at least 0 .*parts\[1\]"),
        (PART % b'{"kind":"per_lot","rates":[]}', "rates"),
        (PART % b'{"kind":"per_lot","rates":[{"rate":1e30}]}', r"rate .*parts\[0\].rates\[0\]"),
        (PART % b'{"kind":"per_lot","rates":[{"rate":"NaN"}]}', r"rate .*parts\[0\].rates\[0\]"),
        (PART % b'{"kind":"per_lot","rates":[{"rate":1}],"lot_units":0}', "lot_units is above 0"),
        (PART % b'{"kind":"per_lot","rates":[{"rate":1,"steps":[{"lots":2,"rate":1},{"lots":1,"rate":1}]}]}', "steps"),
        (PART % b'{"kind":"per_lot","rates":[{"rate":1,"steps":[{"lots":1,"rate":1},{"lots":1,"rate":1}]}]}', "steps"),
        (PART % (b'{"kind":"per_lot","rates":[' + b'{"rate":1},' * 200 + b'{"rate":1}]}'), "rates"),
        (PART % b",".join([b'{"kind":"pips","rates":[{"pips":1}]}'] * 5), "parts"),
        (PART % b",".join([b'{"kind":"cpa","rates":[{"amount":1}]}'] * 2), "at most one of the kind cpa"),
        (PART % b'{"kind":"markup","rates":[{"points":1,"rate":1}]}', "either points or rate"),
        (PART % b'{"kind":"markup","rates":[{}]}', "either points or rate"),
        (PART % b'{"kind":"revenue_share","percent":1,"of":"net_loss","spreads":[{"points":1}]}', "spreads"),
        (PART % b'{"kind":"commission_share","percent":101}', "percent"),
        (PART % b",".join([b'{"kind":"commission_share","percent":51}'] * 2), "more than all of the commission"),
        (
            PART % b'{"kind":"commission_share","percent":60},{"kind":"revenue_share","percent":50}',
            "more than all of the commission",
        ),
        (PART % b"", "parts are missing"),
        (LEVELS % b'{"family":"pot","amount":1,"percents":[60,41]}', "percents are together at most 100"),
        (LEVELS % b'{"family":"percent","percents":[60,41]}', "percents are together at most 100"),
        (LEVELS % b'{"family":"pot","amount":-1,"percents":[60]}', "amount"),
        (LEVELS % b'{"family":"pot","amount":1,"percents":["NaN"]}', "percents"),
        (LEVELS % b'{"family":"added","amounts":[1]}', "most"),
        (LEVELS % b'{"family":"added","amounts":[-1],"most":1}', "amounts"),
        (LEVELS % b'{"family":"difference","depth":11}', "depth"),
        (LEVELS % b'{"family":"difference","shares":[1]}', "shares"),
        (
            AS_JSON.replace(b'"parts"', b'"levels":{"family":"pot","amount":1,"percents":[1]},"parts"'),
            "no place beside",
        ),
        (AS_JSON.replace(b'"parts"', b'"contracts":[{"pip":0}],"parts"'), "pip is above 0"),
        (AS_JSON.replace(b'"parts"', b'"contracts":[{"size":1}],"parts"'), "size"),
    ],
)
def test_a_bad_file_is_refused_whole_and_says_where(content: bytes, words: str) -> None:
    with pytest.raises(BadPlan, match=words):
        rules.read(content)


def test_a_name_that_is_there_twice_is_refused() -> None:
    [plan] = rules.read(AS_JSON)
    with pytest.raises(BadPlan, match="'a' is there twice"):
        rules.read(rules.written([plan, plan]))


def test_a_plan_longer_than_is_kept_is_refused() -> None:
    symbols = [f"{number:064}" for number in range(200)]
    rates = [{"symbols": symbols, "rate": 1}] * 6
    body = {"plans": [{"name": "long", "currency": "USD", "parts": [{"kind": "per_lot", "rates": rates}]}]}
    with pytest.raises(BadPlan, match="'long' has more than 65536"):
        rules.read(json.dumps(body).encode())


def test_equal_plans_are_one() -> None:
    first, second = rules.read(GOOD.encode()), rules.read(GOOD.encode())

    assert first == second
    assert hash(first) == hash(second)
    assert msgspec.convert(msgspec.to_builtins(first[0]), Plan) == first[0]


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("*", "", True),
        ("*", "EURUSD", True),
        ("eurusd", "EURUSD", True),
        ("EURUSD", "EURUSD.m", False),
        ("EUR*", "eurusd.m", True),
        ("*USD", "EURUSD", True),
        ("*USD", "EURUSD.m", False),
        ("*USD*", "EURUSD.m", True),
        ("a*a", "a", False),
        ("a*a", "aa", True),
        ("a*b*c", "a-c-b-c", True),
        ("a*b*c", "a-c-b", False),
        ("a**b", "ab", True),
        ("[a-z]", "b", False),
        ("real\\*", "real\\standard", True),
        ("*a" * 32, "a" * 64, True),
        ("*a" * 32, "a" * 63 + "b", False),
    ],
)
def test_patterns(pattern: str, text: str, expected: object) -> None:
    assert fits(pattern, text) == expected


def named(kind: type[msgspec.Struct]) -> set[str]:
    """Return the members of a part of a plan, and its tag."""
    tag = kind.__struct_config__.tag
    return {*kind.__struct_fields__, *([str(tag)] if tag else [])}


def test_the_papers_name_every_member_of_a_plan() -> None:
    paper = (Path(__file__).parents[3] / "docs" / "do" / "reward-plans.md").read_text("utf-8")
    kinds = [Plan, Filters, Caps, Contract, parts.LotRate, parts.Step, parts.PipRate, parts.Spread, parts.MarkupRate]
    families = [*get_args(parts.AnyPart), *get_args(levels.Levels), parts.CpaRate]

    assert {name for kind in kinds + families for name in named(kind) if f"`{name}`" not in paper} == set()


def test_the_plans_of_the_papers_can_be_read() -> None:
    paper = (Path(__file__).parents[3] / "docs" / "do" / "reward-plans.md").read_text("utf-8")
    [text] = re.findall(r"```toml\n(.*?)```", paper, re.DOTALL)
    standard, affiliate = rules.read(text.encode())

    assert amounts(worked(traded(symbol="XAUUSD"), chain(standard), NO_RATES).lines) == ["4.000000"]
    assert amounts(worked(traded(), [rung(standard, month_lots=Decimal(500))], NO_RATES).lines) == ["9.000000"]
    small = traded(contract_size=Decimal(10_000))
    assert amounts(worked(small, chain(affiliate, affiliate), NO_RATES).lines) == ["1.200000", "0.300000"]
