"""The matrix from the command line."""

import json
from pathlib import Path
from typing import Any

import pytest

from opencabinet.db import Connection
from opencabinet.kernel.ids import Login
from tests import make
from tests.cli.console import cabinet, refused


@pytest.fixture
async def login(installed: Connection) -> Login:
    return (await make.account(installed)).login


async def policy_of(login: Login) -> Any:
    return json.loads((await cabinet("access", "policy", str(login))).out)


async def test_rules_are_set_and_taken_away_one_by_one(login: Login) -> None:
    masks = ("--from", "203.0.113.*", "--from", "2001:db8::/48")
    await cabinet("access", "set", str(login), "balance", "address", *masks, "--note", "the office")
    said = await cabinet(
        *("access", "set", str(login), "closed_trades", "open", "--hide", "money", "--hide", "volumes"),
        *("--delay", "15", "--without", "XAUUSD", "--until", "2030-01-01"),
    )

    assert "closed_trades" in said.out
    assert "money, volumes, 15 minutes, XAUUSD" in said.out
    policy = await policy_of(login)
    assert policy["default"]["level"] == "password"
    assert policy["functions"]["balance"]["networks"] == ["203.0.113.0/24", "2001:db8::/48"]
    assert policy["functions"]["closed_trades"]["expires_at"] == "2030-01-01T00:00:00Z"

    await cabinet("access", "unset", str(login), "balance")
    assert set((await policy_of(login))["functions"]) == {"closed_trades"}


async def test_a_policy_is_kept_compared_and_applied_as_a_file(login: Login, tmp_path: Path) -> None:
    file = tmp_path / "policy.json"
    file.write_text(json.dumps({"default": {"level": "open"}, "functions": {"orders": {"level": "off"}}}))

    told = await cabinet("access", "diff", str(login), str(file))
    assert "wider" in told.out
    assert (await policy_of(login))["default"]["level"] == "password"

    await cabinet("access", "apply", str(login), str(file))
    assert (await policy_of(login))["functions"]["orders"]["level"] == "off"
    assert "Nothing changes." in (await cabinet("access", "diff", str(login), str(file))).out


async def test_a_simulation_names_the_rule(login: Login) -> None:
    await cabinet("access", "close", str(login), "--from", "203.0.113.0/24")

    said = await cabinet(
        "access", "simulate", str(login), "--function", "balance", "--address", "203.0.113.7", "--address", "192.0.2.1"
    )

    lines = [line for line in said.out.splitlines() if "password" in line]
    assert [" yes " in line for line in lines] == [True, False]
    assert "outside the listed" in said.out


async def test_a_preview_shows_a_strangers_answer(login: Login) -> None:
    target = f"/v1/accounts/{login}/balance?fields=balance,currency"

    closed = await cabinet("access", "preview", str(login), target)
    await cabinet("access", "open", str(login))
    opened = await cabinet("access", "preview", str(login), target)

    assert json.loads(closed.out)["code"] == "credential_needed"
    assert opened.out == '{"balance":"1000","currency":"USD"}'
    assert opened.err.startswith("200 application/json")


async def test_a_mask_is_explained() -> None:
    said = await cabinet("access", "mask", "10.0.0.0-10.3.255.255")

    assert "10.0.0.0/14" in said.out
    assert "262,144" in said.out


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("set", "7", "everything", "open"), "everything"),
        (("set", "{login}", "statement", "open"), "always needs a credential"),
        (("set", "{login}", "balance", "address"), "list the addresses"),
        (("set", "{login}", "balance", "address", "--from", "0.0.0.0/0"), "everybody"),
        (("set", "{login}", "balance", "open", "--until", "2020-01-01"), "in the future"),
        (("apply", "{login}", "nowhere.json"), "nowhere.json"),
        (("policy", "999"), "999"),
        (("mask", "office"), "office"),
        (("preview", "{login}", "https://elsewhere.example/"), "path"),
        (("simulate", "{login}", "--address", "fe80::1%lo"), "fe80::1%lo"),
    ],
)
async def test_what_cannot_be_is_refused_in_one_line(login: Login, words: tuple[str, ...], reason: str) -> None:
    refused(await cabinet("access", *(word.format(login=login) for word in words)), reason)
