"""Rewards one by one, as the operator sees them."""

import json

import pytest

from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.kernel.ids import Granted
from opencabinet.kernel.period import EVER
from opencabinet.partners import plans, programme, rewards
from opencabinet.partners.plans import rules
from opencabinet.settings import Settings
from tests.cli.console import cabinet, refused
from tests.cli.test_access import listed
from tests.partners.making import LONG_AGO, PLAN, accrued, enrolled, planned, referred, traded


@pytest.fixture
async def partner(installed: Connection, settings: Settings) -> Account:
    """A partner whose client closed two trades of a lot in November."""
    await planned(installed)
    made = await enrolled(installed)
    client = await referred(installed, made.login)
    for _ in range(2):
        await traded(installed, client.login)
    await accrued(settings.database_url)
    return made


async def states(login: int) -> dict[str, str]:
    """Return the states of an account's rewards, as they are listed."""
    return {row[0]: row[7] for row in listed((await cabinet("partners", "rewards", "list", str(login))).out)}


async def test_rewards_are_listed_held_released_and_reversed(partner: Account) -> None:
    login = str(partner.login)
    one, two = rows = listed((await cabinet("partners", "rewards", "list", login)).out)
    assert [row[4:8] for row in rows] == [["0", "commission", "7 USD", "accrued"]] * 2
    assert len(listed((await cabinet("partners", "rewards", "list", login, "--limit", "1")).out)) == 1
    assert listed((await cabinet("partners", "rewards", "list", login, "--until", "2020-01-01")).out) == []

    told = json.loads((await cabinet("partners", "rewards", "explain", login, one[0])).out)
    assert (told["rungs"][0]["login"], told["lines"][0]["amount"]) == (partner.login, "7.000000")
    refused(await cabinet("partners", "rewards", "explain", login, "999999"), "no such reward")

    assert (await cabinet("partners", "rewards", "hold", login, one[0], two[0])).out == f"{login}: 2 rewards held.\n"
    assert (await cabinet("partners", "approve", login)).out == f"{login}: 0 lines approved.\n"
    assert (await cabinet("partners", "rewards", "release", login, one[0])).out == f"{login}: 1 rewards released.\n"
    refused(await cabinet("partners", "rewards", "release", login, one[0], two[0]), "state")
    refused(await cabinet("partners", "rewards", "release", login, "999999"), "state")
    assert (await cabinet("partners", "rewards", "reverse", login, one[0])).out == f"{login}: 1 rewards reversed.\n"
    refused(await cabinet("partners", "rewards", "reverse", login, one[0]), "state")
    assert (await cabinet("partners", "rewards", "approve", login, two[0])).out == f"{login}: 1 rewards approved.\n"
    assert await states(partner.login) == {one[0]: "reversed", two[0]: "approved"}


async def test_what_is_held_is_approved_where_that_is_said(
    installed: Connection, settings: Settings, partner: Account
) -> None:
    login, client = str(partner.login), (await referred(installed, partner.login)).login
    [slow] = rules.read(PLAN.replace(b"parts", b"hold_days = 14\nparts"))
    await programme.set_state(installed, partner.login, "suspended")
    await traded(installed, client)
    await accrued(settings.database_url)
    await programme.set_state(installed, partner.login, "active")
    await plans.save(installed, slow, LONG_AGO)
    await traded(installed, client)
    await accrued(settings.database_url)
    assert sorted((await states(partner.login)).values()) == ["accrued", "accrued", "held", "held"]

    assert (await cabinet("partners", "approve", login)).out == f"{login}: 2 lines approved.\n"
    assert (await cabinet("partners", "approve", login, "--held")).out == f"{login}: 1 lines approved.\n"

    lines = (await rewards.listed(installed, Granted(partner.login), EVER, limit=9)).rows
    assert [(line.state, line.held_until is None) for line in lines if line.state == "held"] == [("held", False)]


async def test_trades_are_worked_out_anew_by_what_is_told_later(
    installed: Connection, settings: Settings, partner: Account
) -> None:
    above, other = await enrolled(installed), await enrolled(installed)
    await programme.place(installed, partner.login, above.login, LONG_AGO)
    await referred(installed, other.login)
    [dearer] = rules.read(PLAN.replace(b"rate = 7", b"rate = 9"))
    await plans.save(installed, dearer, LONG_AGO)
    since = ("--since", f"{LONG_AGO:%Y-%m-%d}")

    assert "of 1 clients" in (await cabinet("partners", "rewards", "rework", *since, "--partner", str(above.login))).out
    assert "of 0 clients" in (await cabinet("partners", "rewards", "rework", *since, "--partner", "999")).out
    assert "of 2 clients" in (await cabinet("partners", "rewards", "rework", *since)).out
    await accrued(settings.database_url)

    rows = listed((await cabinet("partners", "rewards", "list", str(partner.login))).out)
    assert sorted(row[6] for row in rows) == ["2 USD", "2 USD", "7 USD", "7 USD"]
    assert (await cabinet("partners", "rewards", "rework")).code == 2
