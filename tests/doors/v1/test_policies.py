"""The matrix over v1: read and changed."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from opencabinet import access
from opencabinet.access import Function, Level
from opencabinet.accounts import Account
from opencabinet.db import Connection
from tests.doors.legacy.asking import come_from
from tests.doors.v1.asking import path, problem_of
from tests.doors.v1.policies import OPEN_BALANCE, policy_of, saved

AGE = "UPDATE tokens SET proved_at = proved_at - interval '6 minutes'"


async def test_the_policy_nobody_set_is_closed_by_password(
    site: httpx.AsyncClient, account: Account, own: dict[str, str]
) -> None:
    said = (await site.get(policy_of(account), headers=own)).json()

    assert said["default"]["level"] == "password"
    assert said["functions"] == {}
    assert said["changed_at"] is None
    assert {row["function"] for row in said["matrix"]} == set(Function)
    assert {row["level"] for row in said["matrix"]} == {"password"}


async def test_a_change_counts_from_the_next_request(
    site: httpx.AsyncClient, account: Account, own: dict[str, str]
) -> None:
    answer = await saved(site, account, own, OPEN_BALANCE)

    assert answer.status_code == 200, answer.text
    assert answer.json()["functions"]["balance"]["level"] == "open"
    assert answer.headers["etag"] == (await site.get(policy_of(account), headers=own)).headers["etag"]
    assert (await site.get(path(account.login, "balance"))).status_code == 200
    assert problem_of(await site.get(path(account.login, "trades/open"))) == (401, "credential_needed")


async def test_what_is_sent_is_what_is_read_again(
    site: httpx.AsyncClient, account: Account, own: dict[str, str]
) -> None:
    document = {
        "default": {"level": "address", "networks": ["127.0.0.*", "203.0.113.5-203.0.113.6", "2001:db8:*"]},
        "functions": {
            "balance": {
                "level": "open",
                "expires_at": (datetime.now(UTC) + timedelta(days=3)).isoformat(),
                "note": "for the forum",
                "left_out": {
                    "hide": ["money", "volumes"],
                    "delay_minutes": 15,
                    "closed_only": True,
                    "without_symbols": ["XAUUSD"],
                },
            },
            "orders": {"level": "off"},
        },
    }

    said = (await saved(site, account, own, document)).json()
    again = await saved(site, account, own, {"default": said["default"], "functions": said["functions"]})

    assert said["default"]["networks"] == ["127.0.0.0/24", "203.0.113.5/32", "203.0.113.6/32", "2001:db8::/32"]
    assert again.json() == {**said, "changed_at": again.json()["changed_at"]}
    [loopback, *_] = said["masks"]
    assert loopback == {"row": "default", "network": "127.0.0.0/24", "addresses": "256", "holds_yours": True}


async def test_nobodys_change_is_lost(site: httpx.AsyncClient, account: Account, own: dict[str, str]) -> None:
    where, first = policy_of(account), await site.get(policy_of(account), headers=own)
    assert problem_of(await site.put(where, json=OPEN_BALANCE, headers=own)) == (428, "precondition_needed")

    known = {**own, "If-Match": first.headers["etag"]}
    assert (await site.put(where, json=OPEN_BALANCE, headers=known)).status_code == 200
    assert problem_of(await site.put(where, json={"default": {"level": "open"}}, headers=known)) == (
        412,
        "precondition_failed",
    )
    assert (await site.get(where, headers=own)).json()["default"]["level"] == "password"


async def test_a_policy_is_known_by_its_rules_from_wherever_it_was_read(
    site: httpx.AsyncClient, account: Account, own: dict[str, str], committed: Connection
) -> None:
    listed = access.Rule(level=Level.BOTH, networks=access.networks("203.0.113.0/24"))
    await access.set_policy(committed, account.login, access.Policy(rules={Function.BALANCE: listed}))
    where = policy_of(account)
    come_from(site, "203.0.113.7")
    inside = await site.get(where, headers=own)
    tag = inside.headers["etag"]
    assert (await site.get(where, headers={**own, "If-None-Match": tag})).status_code == 304
    come_from(site, "198.51.100.7")
    outside = await site.get(where, headers={**own, "If-None-Match": tag})
    assert outside.status_code == 200
    assert outside.json()["masks"] != inside.json()["masks"]

    async def replaced(shown: str) -> httpx.Response:
        return await site.put(where, json=OPEN_BALANCE, headers={**own, "If-Match": shown})

    assert problem_of(await replaced("*")) == (428, "precondition_needed")
    assert problem_of(await replaced(f"W/{tag}")) == (412, "precondition_failed")
    assert (await replaced(tag)).status_code == 200
    assert problem_of(await replaced(tag)) == (412, "precondition_failed")


async def test_whoever_saves_is_not_locked_out_by_mistake(
    site: httpx.AsyncClient, account: Account, own: dict[str, str]
) -> None:
    elsewhere = {"default": {"level": "both", "networks": ["203.0.113.0/24"]}}

    refused = await saved(site, account, own, elsewhere)
    assert problem_of(refused) == (409, "locks_out")
    assert "access" in refused.json()["detail"]
    assert (await site.get(policy_of(account), headers=own)).json()["default"]["level"] == "password"

    assert (await saved(site, account, own, elsewhere, "?confirm=lockout")).status_code == 200
    assert problem_of(await site.get(policy_of(account), headers=own)) == (403, "refused")
    come_from(site, "203.0.113.9")
    assert (await site.get(policy_of(account), headers=own)).status_code == 200


@pytest.mark.parametrize(
    "document",
    [
        {"default": {"level": "address"}},
        {"default": {"level": "open", "networks": ["203.0.113.7"]}},
        {"default": {"level": "both", "networks": ["0.0.0.0/0"]}},
        {"default": {"level": "both", "networks": ["0.0.0.0-255.255.255.255"]}},
        {"default": {"level": "both", "networks": ["0.0.0.0/1", "128.0.0.0/1"]}},
        {"default": {"level": "both", "networks": ["203.0.113.7", "::/1", "8000::/2", "c000::/2"]}},
        {"default": {"level": "both", "networks": ["203.0.113.7/0.0.0.255"]}},
        {"default": {"level": "both", "networks": ["office"]}},
        {"default": {"level": "password"}, "functions": {"statement": {"level": "open"}}},
        {"default": {"level": "password"}, "functions": {"access": {"level": "address", "networks": ["127.0.0.1"]}}},
        {"default": {"level": "password"}, "functions": {"everything": {"level": "open"}}},
        {"default": {"level": "password", "left_out": {"hide": ["money"]}}},
        {"default": {"level": "open", "left_out": {"hide": ["names"]}}},
        {"default": {"level": "open", "left_out": {"delay_minutes": -1}}},
        {"default": {"level": "open", "left_out": {"without_symbols": [""]}}},
        {"default": {"level": "open", "expires_at": "2020-01-01T00:00:00Z"}},
        {"default": {"level": "open", "expires_at": "2030-01-01T00:00:00"}},
        {"default": {"level": "open", "note": "two\nlines"}},
        {"default": {"level": "open", "note": "x" * 201}},
        {"default": {"level": "open", "surprise": 1}},
        {"default": {"level": "both", "networks": ["203.0.113.7"] * 101}},
        {"default": {"level": "both", "networks": ["9" * 101]}},
        {"functions": {}},
        {},
        [],
    ],
    ids=str,
)
async def test_a_policy_that_cannot_hold_is_refused_and_changes_nothing(
    site: httpx.AsyncClient, account: Account, own: dict[str, str], document: Any
) -> None:
    answer = await saved(site, account, own, document)

    assert problem_of(answer)[0] == 400, answer.text
    assert (await site.get(policy_of(account), headers=own)).json()["changed_at"] is None


async def test_only_a_fresh_proof_changes_the_policy(
    site: httpx.AsyncClient, committed: Connection, account: Account, own: dict[str, str]
) -> None:
    await committed.run(AGE)

    answer = await saved(site, account, own, OPEN_BALANCE)

    assert problem_of(answer) == (401, "proof_needed")
    assert answer.headers["www-authenticate"] == ('Bearer error="insufficient_user_authentication", max_age=300')
