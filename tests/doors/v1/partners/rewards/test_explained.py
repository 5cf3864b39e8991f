"""Rewards explained: to whom, and how much of it."""

from datetime import timedelta

import httpx
from msgspec import json

from opencabinet import access
from opencabinet.access import Family
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.kernel.ids import Granted
from opencabinet.kernel.period import EVER
from opencabinet.partners import referrals, rewards
from opencabinet.partners.plans import rules
from opencabinet.settings import Settings
from tests import make
from tests.doors.v1.asking import asked, problem_of, refused, signed_in
from tests.doors.v1.partners.asking import SOURCE, of
from tests.doors.v1.partners.rewards.conftest import TWO_LEVELS
from tests.partners.making import LONG_AGO, accrued, enrolled


async def test_each_level_sees_its_own_lines_only(
    site: httpx.AsyncClient,
    committed: Connection,
    master: Account,
    partner: Account,
    client: Account,
    settings: Settings,
) -> None:
    above = await signed_in(site, committed, master.login, settings, Family.PARTNER)
    own = await signed_in(site, committed, client.login, settings, Family.PARTNER)

    masters = await asked(site, of(master.login, "rewards"), above)
    rebates = await asked(site, of(client.login, "rewards"), own)

    assert {(row["level"], row["kind"], row["amount"]) for row in masters["data"]} == {(1, "commission", "2")}
    assert {(row["kind"], row["amount"], row["client"]) for row in rebates["data"]} == {("rebate", "0.5", client.login)}
    assert str(partner.login) not in json.encode([masters, rebates]).decode()


async def test_consent_shows_the_client_to_the_partner_and_to_nobody_else(
    site: httpx.AsyncClient, committed: Connection, partner: Account, client: Account, theirs: dict[str, str]
) -> None:
    await referrals.consent(committed, client.login, "named", SOURCE)

    assert {row["client"] for row in (await asked(site, of(partner.login, "rewards"), theirs))["data"]} == {
        client.login
    }
    await access.open_account(committed, partner.login)
    for headers in (None, theirs):
        told = await asked(site, of(partner.login, "rewards"), headers)
        assert {row["client"] for row in told["data"]} == {None}, "What everybody is given is the same for all."


async def test_an_explanation_tells_ones_own_level_and_nothing_of_others(
    site: httpx.AsyncClient,
    committed: Connection,
    master: Account,
    partner: Account,
    client: Account,
    theirs: dict[str, str],
    settings: Settings,
) -> None:
    first = (await asked(site, of(partner.login, "rewards"), theirs, limit=1))["data"][0]
    told = await asked(site, of(partner.login, f"rewards/{first['id']}/explain"), theirs)

    assert told["reward"] == first
    assert (told["why"], told["explanation"]["trade"]["login"]) == ("closed", None)
    [rung] = told["explanation"]["rungs"]
    assert (rung["login"], rung["plan"], rung["version"]) == (partner.login, "default", 1)
    text = json.encode(told).decode()
    assert str(master.login) not in text
    assert str(client.login) not in text
    assert "master" not in text, "What is paid above is nobody's business below."

    above = await signed_in(site, committed, master.login, settings, Family.PARTNER)
    theirs_above = (await asked(site, of(master.login, "rewards"), above, limit=1))["data"][0]
    seen = await asked(site, of(master.login, f"rewards/{theirs_above['id']}/explain"), above)
    below, own = seen["explanation"]["rungs"]
    assert own["plan"] == "master"
    assert "login" not in below
    assert "plan" not in below
    assert str(partner.login) not in json.encode(seen).decode()


async def test_who_is_paid_no_more_sees_nothing_of_who_is(
    site: httpx.AsyncClient,
    committed: Connection,
    database: str,
    partner: Account,
    client: Account,
    theirs: dict[str, str],
    settings: Settings,
) -> None:
    other = await enrolled(committed)
    await referrals.assign(committed, client.login, other.login, since=LONG_AGO + timedelta(days=1))
    await rewards.rework(committed, client.login, LONG_AGO)
    await accrued(database)

    page = await asked(site, of(partner.login, "rewards"), theirs, limit=20)
    [back, *_] = [row for row in page["data"] if row["amount"] == "-4.5"]
    seen = await asked(site, of(partner.login, f"rewards/{back['id']}/explain"), theirs)
    own = await signed_in(site, committed, other.login, settings, Family.PARTNER)
    [now, *_] = (await asked(site, of(other.login, "rewards"), own))["data"]
    told = await asked(site, of(other.login, f"rewards/{now['id']}/explain"), own)

    assert (seen["why"], seen["explanation"]["rungs"], seen["explanation"]["lines"]) == ("reworked", [], [])
    assert not {"levels", "filters", "rebate", "contract"} & seen["explanation"].keys()
    assert seen["explanation"]["trade"]["login"] is None
    assert told["explanation"]["rungs"][0]["plan"] == "default"
    assert [line["amount"] for line in told["explanation"]["lines"]] == ["4.500000"]


async def test_an_adjustment_shows_the_line_it_comes_to(
    site: httpx.AsyncClient, committed: Connection, partner: Account, client: Account, theirs: dict[str, str]
) -> None:
    del client
    [dearer, _] = rules.read(TWO_LEVELS.replace(b"rate = 5", b"rate = 6"))
    shown = await rewards.simulate(committed, [dearer], make.NOW.date())
    await rewards.approve(committed, [dearer], make.NOW.date(), shown.digest)

    rows = (await asked(site, of(partner.login, "rewards"), theirs, limit=20))["data"]
    [first, *_] = [row for row in rows if row["kind"] == "adjustment"]
    told = await asked(site, of(partner.login, f"rewards/{first['id']}/explain"), theirs)

    assert (first["amount"], told["why"]) == ("0.9", "recalculated")
    assert [line["amount"] for line in told["explanation"]["lines"]] == ["5.400000"]


async def test_anothers_reward_is_not_there(
    site: httpx.AsyncClient,
    committed: Connection,
    master: Account,
    partner: Account,
    client: Account,
    theirs: dict[str, str],
) -> None:
    del client
    page = await rewards.listed(committed, Granted(master.login), EVER, limit=1)
    number, own = page.rows[0].id, partner.login

    for name in (f"rwd_{master.login}_{number}", f"rwd_{own}_{number}", f"rwd_{number}", "rwd_1_1", "evt_1_1", "x"):
        assert await refused(site, of(own, f"rewards/{name}/explain"), theirs) == (404, "not_found"), name
        answer = await site.post(of(own, f"rewards/{name}/disputes"), json={"text": "It is mine."}, headers=theirs)
        assert problem_of(answer) == (404, "not_found"), name
