"""Each way of paying partners, from a file that the operator wrote to the lines of trades that closed."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import pytest
from msgspec import Struct

from opencabinet.db import Connection
from opencabinet.kernel.ids import Login
from opencabinet.partners import plans, programme
from opencabinet.partners.plans import rules
from opencabinet.partners.plans.levels import Levels
from opencabinet.partners.plans.parts import AnyPart
from tests import make
from tests.partners.rewards.programme import BEGAN, CLOSED, caught_up, close, referred, sound
from tests.partners.rewards.test_qualifying import deposit

GUIDE = Path(__file__).parents[3] / "docs/do/reward-plans.md"
GROUP = """
INSERT INTO memberships (login, since, "group") VALUES (%(login)s, %(since)s, %(group)s)
"""
SUMS = """
SELECT coalesce(sum(amount), 0) FROM rewards WHERE login = %(login)s AND kind = %(kind)s
"""


class Case(Struct, frozen=True):
    """What the plan of all partners says, trades that close one after the other, and what that comes to.

    A trade is of two lots of 100,000 EURUSD unless told. `given` is to the direct partner and those above.
    """

    name: str
    plan: str
    given: tuple[str, ...]
    trades: tuple[dict[str, Any], ...] = ({},)
    kind: str = "commission"
    group: str = "real\\standard"
    deposited: str = ""
    rebate: str = "0"


def part(kind: str, rest: str) -> str:
    """Write a plan of one part."""
    return f'parts = [{{ kind = "{kind}", {rest} }}]'


def shared(family: str, rest: str, parts: str) -> str:
    """Write a plan that is shared with those above."""
    return f'levels = {{ family = "{family}", {rest} }}\n{parts}'


BY_SYMBOL = part(
    "per_lot", 'rates = [{ symbols = ["XAU*"], rate = 4 }, { groups = ["*ecn*"], rate = 3 }, { rate = 7 }]'
)
FIVE, SEVEN, EIGHT = (part("per_lot", f"rates = [{{ rate = {rate} }}]") for rate in (5, 7, 8))
PAID = {"commission": Decimal(-14), "swap": Decimal(-3)}
LOST, WON = ({"profit": Decimal(profit), **PAID} for profit in (-100, 200))
SHARE = part("revenue_share", "percent = 25, spreads = [{ points = 10 }]")
ONCE = 'kind = "cpa", rates = [{ amount = 200, least_deposit = 250 }], least_lots = 4, least_commission = 20'
HYBRID = f'parts = [{{ {ONCE}, share = 50 }}, {{ kind = "per_lot", share = 50, rates = [{{ rate = 7 }}] }}]'

CASES = (
    Case("per lot", BY_SYMBOL, ("14",)),
    Case("per lot of a symbol group", BY_SYMBOL, ("8",), ({"symbol": "XAUUSD", "contract_size": Decimal(100)},)),
    Case("per lot of an account type", BY_SYMBOL, ("6",), group="real\\ecn-usd"),
    Case(
        "volume tiers", part("per_lot", "rates = [{ rate = 7, steps = [{ lots = 4, rate = 9 }] }]"), ("46",), ({},) * 3
    ),
    Case("pips", part("pips", "rates = [{ pips = 1.5 }]"), ("30",)),
    Case("share of spread", part("spread_share", "percent = 30, spreads = [{ points = 12 }]"), ("7.2",)),
    Case("share of commission", part("commission_share", "percent = 33"), ("4.62",), (PAID,)),
    Case("mark-up of spread", part("markup", "rates = [{ points = 5 }]"), ("10",)),
    Case("mark-up of commission, in part", part("markup", "percent = 40, rates = [{ rate = 2.5 }]"), ("2",)),
    Case("mark-up within a cap", part("markup", "most = 4, rates = [{ points = 5 }]"), ("8",)),
    Case("revenue share", SHARE, ("9.25",), (PAID,)),
    Case("share of net loss", part("revenue_share", 'of = "net_loss", percent = 40'), ("46.8",), (LOST, WON)),
    Case(
        "share of net loss, carried",
        part("revenue_share", 'of = "net_loss", negative = "carried", percent = 40'),
        ("-26.4",),
        (LOST, WON),
    ),
    Case("cpa", f"parts = [{{ {ONCE} }}]", ("200",), (PAID, PAID, PAID), kind="qualified", deposited="250"),
    Case("cpa without the deposit", f"parts = [{{ {ONCE} }}]", (), (PAID, PAID), kind="qualified", deposited="249"),
    Case("cpa without the lots", f"parts = [{{ {ONCE} }}]", (), (PAID,), kind="qualified", deposited="250"),
    Case("cpa without the commission", f"parts = [{{ {ONCE} }}]", (), ({}, {}), kind="qualified", deposited="250"),
    Case("hybrid, of trades", HYBRID, ("14",), (PAID, PAID), deposited="250"),
    Case("hybrid, once", HYBRID, ("100",), (PAID, PAID), kind="qualified", deposited="250"),
    Case("rebate", f"rebate = 30\n{SEVEN}", ("9.8",), rebate="4.2"),
    Case("cascade", shared("cascade", "shares = [20, 10]", FIVE), ("8", "1.8", "0.2")),
    Case("fixed pot", 'levels = { family = "pot", amount = 10, percents = [60, 25, 15] }', ("12", "5", "3")),
    Case(
        "percent of revenue",
        shared("percent", "percents = [30, 10]", part("commission_share", "percent = 100")),
        ("4.2", "1.4"),
        (PAID,),
    ),
    Case("added on top", shared("added", "amounts = [1, 1], most = 8", SEVEN), ("14", "2")),
    Case("difference", shared("difference", "depth = 3", FIVE), ("10", "4", "2")),
)


async def chain(conn: Connection, it: Case) -> list[Login]:
    """Lay a programme out as a file says it; those above have plans of 7 and 8 for a lot where these count."""
    told = (("default", it.plan), ("master", SEVEN), ("chief", EIGHT))
    file = "".join(f'[[plans]]\nname = "{name}"\ncurrency = "USD"\n{rest}\n' for name, rest in told)
    for plan in rules.read(file.encode()):
        await plans.save(conn, plan, BEGAN)
    found = [(await make.account(conn)).login for _ in range(3)]
    for below, login in zip([None, *found], found, strict=False):
        await programme.enrol(conn, login, since=BEGAN)
        if below is not None:
            await programme.place(conn, below, login, BEGAN)
    if it.name == "difference":
        await programme.follow_plan(conn, found[1], "master", BEGAN)
        await programme.follow_plan(conn, found[2], "chief", BEGAN)
    return found


@pytest.mark.parametrize("it", CASES, ids=lambda it: it.name.replace(" ", "-"))
async def test_what_a_file_says_is_paid(committed: Connection, database: str, it: Case) -> None:
    partners = await chain(committed, it)
    client = await referred(committed, partners[0])
    await committed.run(GROUP, login=client, since=BEGAN, group=it.group)
    if it.deposited:
        await deposit(committed, client, it.deposited, CLOSED - timedelta(days=1))
    usual = {"swap": Decimal(0), "contract_size": Decimal(100_000)}
    for number, trade in enumerate(it.trades):
        await close(committed, client, **usual | {"closed_at": CLOSED + timedelta(minutes=number)} | trade)

    await caught_up(database)

    given = [await committed.value(SUMS, login=login, kind=it.kind) for login in partners]
    assert given == [Decimal(amount) for amount in (*it.given, "0", "0", "0")[:3]]
    assert await committed.value(SUMS, login=client, kind="rebate") == Decimal(it.rebate)
    await sound(committed)


def test_every_kind_is_shown_and_tried() -> None:
    kinds = [each.__struct_config__.tag for each in (*get_args(AnyPart), *get_args(Levels))]
    guide = GUIDE.read_text()

    assert [kind for kind in kinds if f"| `{kind}` |" not in guide] == []
    assert [kind for kind in kinds if not any(f'"{kind}"' in it.plan for it in CASES)] == []
