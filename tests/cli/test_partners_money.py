"""Plans, rewards and payouts as the operator sees them."""

import json
from pathlib import Path

import pytest

from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.kernel.ids import Granted, Login
from opencabinet.kernel.period import EVER
from opencabinet.partners import plans, programme, referrals, rewards
from opencabinet.settings import Settings
from tests import make
from tests.cli.console import cabinet, refused
from tests.cli.test_access import listed
from tests.partners.making import PLAN, accrued, enrolled, planned, referred, traded

DEARER = PLAN.replace(b"rate = 7", b"rate = 9")


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


async def test_plans_are_imported_listed_shown_and_assigned(installed: Connection, tmp_path: Path) -> None:
    login = (await enrolled(installed)).login
    file = tmp_path / "plans.toml"
    file.write_bytes(PLAN)

    said = await cabinet("partners", "plan", "import", str(file), "--since", "2026-01-01", "--note", "the [first]")
    assert said.out == "Plans kept, with their version: default 1.\n"
    file.write_bytes(DEARER)
    assert (await cabinet("partners", "plan", "import", str(file))).out.endswith("default 2.\n")
    rows = listed((await cabinet("partners", "plan", "list")).out)
    assert [(row[0], row[1], row[3], row[4], row[5]) for row in rows] == [
        ("default", "1", "USD", "per_lot", "difference"),
        ("default", "2", "USD", "per_lot", "difference"),
    ]
    assert (rows[0][6], rows[0][7]) == ("2026-01-01 00:00", "the [first]")

    file.write_text((await cabinet("partners", "plan", "show", "default", "--version", "1")).out)
    assert (await cabinet("partners", "plan", "import", str(file))).out.endswith("default 3.\n"), (
        "It is a file of plans."
    )
    versions = (await plans.versions(installed))["default"]
    assert versions[2].plan == versions[0].plan
    refused(await cabinet("partners", "plan", "show", "default", "--version", "9"), "version 9")
    refused(await cabinet("partners", "plan", "import", str(file), "--since", "2026-01-02"), "later version")

    assert (await cabinet("partners", "plan", "assign", str(login), "default")).code == 0
    assert (await programme.plans(installed))[0].value == "default"
    refused(await cabinet("partners", "plan", "assign", str(login), "nothing"), "no plan 'nothing'")
    refused(await cabinet("partners", "plan", "assign", "999", "default"), "999 is no partner")


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"plans = 1", "plans.toml"),
        (PLAN + PLAN, "twice"),
        (PLAN.replace(b"rate = 7", b"rate = -7"), "plans.toml"),
        (b"\xff\xfe", "plans.toml"),
        (b"x" * (2**20 + 1), "MiB"),
    ],
)
async def test_a_bad_file_of_plans_changes_nothing(
    installed: Connection, tmp_path: Path, content: bytes, word: str
) -> None:
    file = tmp_path / "plans.toml"
    file.write_bytes(content)

    refused(await cabinet("partners", "plan", "import", str(file)), word)
    refused(await cabinet("partners", "plan", "import", str(tmp_path / "none.toml")), "cannot be opened")

    assert await plans.versions(installed) == {}


async def test_rewards_are_approved_settled_and_paid(partner: Account) -> None:
    login = str(partner.login)

    assert (await cabinet("partners", "approve", login)).out == f"{login}: 2 lines approved.\n"
    [settled] = listed((await cabinet("partners", "settle")).out)
    assert settled[0] == login
    assert settled[3:] == ["2", "14.00", "0.00", "14.00", "0.00"]
    assert listed((await cabinet("partners", "settle")).out) == [], "Nothing is left."
    number = settled[1]
    said = await cabinet("partners", "pay", login, number, "--reference", "wire [7]")
    assert said.out == f"Settlement {number} of {login}: 14.00 USD paid.\n"
    refused(await cabinet("partners", "pay", login, number, "--reference", "again"), "paid")
    refused(await cabinet("partners", "pay", "999", number, "--reference", "x"), "no such settlement")
    [row] = listed((await cabinet("partners", "payouts", login)).out)
    assert (row[0], row[2], row[3], row[5]) == (number, "14.00 USD", "paid", "wire [7]")


async def test_one_partner_is_settled_alone_up_to_a_moment(installed: Connection, partner: Account) -> None:
    login = str(partner.login)
    await rewards.approve_until(installed, partner.login, make.LATER)

    assert listed((await cabinet("partners", "settle", "--partner", login, "--until", "2026-11-02")).out) == []
    assert listed((await cabinet("partners", "settle", "--partner", "999")).out) == []
    assert len(listed((await cabinet("partners", "settle", "--partner", login, "--until", "2026-11-03")).out)) == 1
    refused(await cabinet("partners", "settle", "--until", "someday"), "A time is a date")


async def test_single_rewards_are_explained_held_released_and_taken_back(partner: Account) -> None:
    login, group = str(partner.login), ("partners", "rewards")
    rows = listed((await cabinet(*group, "list", login)).out)
    assert [(row[6], row[7]) for row in rows] == [("7 USD", "accrued")] * 2
    one, other = rows[0][0], rows[1][0]
    told = json.loads((await cabinet(*group, "explain", login, one)).out)
    assert (told["rungs"][0]["login"], told["lines"][0]["amount"]) == (partner.login, "7.000000")

    assert (await cabinet(*group, "hold", login, one, other)).out == f"{login}: 2 rewards held.\n"
    assert (await cabinet("partners", "approve", login)).out == f"{login}: 0 lines approved.\n"
    assert (await cabinet(*group, "release", login, one)).out == f"{login}: 1 rewards released.\n"
    assert (await cabinet(*group, "approve", login, other)).out == f"{login}: 1 rewards approved.\n"
    assert (await cabinet(*group, "reverse", login, one)).out == f"{login}: 1 rewards reversed.\n"
    refused(await cabinet(*group, "release", login, one, other), "state")

    states = {row[0]: row[7] for row in listed((await cabinet(*group, "list", login)).out)}
    assert states == {one: "reversed", other: "approved"}, "All of them are moved, or none."
    refused(await cabinet(*group, "explain", login, "999"), "no such reward")


async def test_a_dispute_is_listed_and_answered(installed: Connection, partner: Account) -> None:
    login = str(partner.login)
    line = (await rewards.listed(installed, Granted(partner.login), EVER, limit=1)).rows[0]
    opened = await rewards.dispute(installed, partner.login, line.id, "It was [two] lots.")

    [row] = listed((await cabinet("partners", "disputes", "list", login)).out)
    assert (row[0], row[1], row[4], row[5]) == (str(opened.id), str(line.id), "open", "It was [two] lots.")
    answered = await cabinet("partners", "disputes", "answer", login, row[0], "rejected", "--note", "One lot.")
    assert answered.out == f"Dispute {row[0]} of {login}: rejected.\n"
    refused(await cabinet("partners", "disputes", "answer", login, row[0], "upheld"), "ended")
    assert (await cabinet("partners", "disputes", "answer", login, row[0], "perhaps")).code == 2


async def test_a_month_is_tried_by_other_plans_and_approved_as_it_was_shown(
    installed: Connection, partner: Account, tmp_path: Path
) -> None:
    file = tmp_path / "dearer.toml"
    file.write_bytes(DEARER)
    asked = ("partners", "what-if", str(file), "--month", "2026-11")

    said = (await cabinet(*asked)).out
    [row] = listed(said)
    assert row == [str(partner.login), "USD", "14", "18", "4", "2"]
    assert "2 trades looked at, 0 without a rate, 2 lines differ." in said
    assert len((await rewards.listed(installed, Granted(partner.login), EVER, limit=9)).rows) == 2, "Nothing is kept."
    digest = said.split("--approve ")[1].strip()

    refused_ = await cabinet(*asked, "--approve", "0" * 64)
    assert refused_.code == 2
    approved = (await cabinet(*asked, "--approve", digest)).out
    assert "All of it was given and taken." in approved
    lines = (await rewards.listed(installed, Granted(partner.login), EVER, limit=9)).rows
    assert sorted(f"{each.kind} {each.amount.normalize()}" for each in lines) == [
        *["adjustment 2"] * 2,
        *["commission 7"] * 2,
    ]
    assert listed((await cabinet(*asked)).out) == [[str(partner.login), "USD", "18", "18", "0", "0"]]
    refused(await cabinet("partners", "what-if", str(file), "--month", "November"), "A month is")


async def test_a_client_is_attributed_and_released_with_the_log(installed: Connection) -> None:
    login, client = (await enrolled(installed)).login, (await make.account(installed)).login

    said = await cabinet("partners", "attribute", str(client), "--to", str(login), "--since", "2026-06-01")
    assert said.out == f"{client}: attributed (operator_said).\n"
    assert await referrals.is_client(installed, login, client)
    own = await cabinet("partners", "attribute", str(login), "--to", str(login))
    assert (own.code, own.out) == (2, f"{login}: refused (self_referral).\n")
    assert (await cabinet("partners", "attribute", str(client))).out == f"{client}: ended (operator_said).\n"
    assert not await referrals.is_client(installed, login, client)
    rows = listed((await cabinet("partners", "referral", str(client))).out)
    assert [(row[2], row[3], row[5]) for row in rows] == [
        ("operator", "ended", "operator_said"),
        ("operator", "attributed", "operator_said"),
    ]
    refused(await cabinet("partners", "attribute", str(client), "--to", "999"), "999 is no partner")
    refused(await cabinet("partners", "attribute", "999", "--to", str(login)), "no account 999")
    refused(await cabinet("partners", "attribute", str(client), "--to", str(login), "--since", "2999-01-01"), "to come")


async def test_claims_are_listed_accepted_and_rejected(installed: Connection) -> None:
    login, client = (await enrolled(installed)).login, (await make.account(installed)).login
    made = [await referrals.claim(installed, login, each, "See our [mail].") for each in (client, Login(999))]

    rows = listed((await cabinet("partners", "claims", "list")).out)
    assert [(row[0], row[1], row[2], row[4], row[6]) for row in rows] == [
        (str(login), str(each.id), str(each.client), "open", "See our [mail].") for each in made
    ]
    accepted = await cabinet("partners", "claims", "accept", str(login), str(made[0].id), "--note", "seen")
    assert accepted.out == f"Claim {made[0].id} of {login} is accepted: attributed (claim_accepted).\n"
    refused(await cabinet("partners", "claims", "accept", str(login), str(made[1].id)), "no account 999")
    rejected = await cabinet("partners", "claims", "reject", str(login), str(made[1].id))
    assert rejected.out == f"Claim {made[1].id} of {login} is rejected.\n"
    refused(await cabinet("partners", "claims", "reject", str(login), str(made[1].id)), "decided already")
    assert listed((await cabinet("partners", "claims", "list")).out) == []
    assert {row[4] for row in listed((await cabinet("partners", "claims", "list", str(login))).out)} == {
        "accepted",
        "rejected",
    }


DESTINATIONS = """
[[destination]]
id = "open-account"
url = "https://www.example.com/open"
title = "Open [an] account"
carries = true
"""


async def test_destinations_are_imported_and_listed(installed: Connection, tmp_path: Path) -> None:
    del installed
    file = tmp_path / "destinations.toml"
    file.write_text(DESTINATIONS)
    assert (await cabinet("partners", "destinations", "import", str(file))).out == "Destinations kept: open-account.\n"
    file.write_text(DESTINATIONS.replace("open-account", "home"))
    await cabinet("partners", "destinations", "import", str(file), "--keep-others")
    rows = listed((await cabinet("partners", "destinations", "list")).out)
    assert [(row[0], row[1], row[4], row[5]) for row in rows] == [
        ("home", "Open [an] account", "yes", "yes"),
        ("open-account", "Open [an] account", "yes", "yes"),
    ]

    file.write_text(DESTINATIONS.replace("https", "javascript"))
    refused(await cabinet("partners", "destinations", "import", str(file)), "destinations.toml", "https")
    file.write_text("nothing")
    refused(await cabinet("partners", "destinations", "import", str(file)), "destinations.toml")
    file.write_bytes(b"\xff")
    refused(await cabinet("partners", "destinations", "import", str(file)), "UTF-8")
