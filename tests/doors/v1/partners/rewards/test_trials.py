"""A trade tried by the plans of now, kept nowhere."""

from typing import Any

import httpx
import pytest

from opencabinet.access import Family
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.kernel.ids import Granted
from opencabinet.kernel.period import EVER
from opencabinet.partners import rewards
from opencabinet.settings import Settings
from tests.doors.v1.asking import problem_of, signed_in
from tests.doors.v1.partners.asking import of
from tests.partners.making import enrolled

TRIAL: dict[str, Any] = {
    "symbol": "EURUSD",
    "lots": "2",
    "contract_size": "100000",
    "open_price": "1.1",
    "close_price": "1.101",
}


async def test_a_trade_is_tried_at_each_level_and_kept_nowhere(
    site: httpx.AsyncClient, committed: Connection, master: Account, partner: Account, theirs: dict[str, str]
) -> None:
    own = await site.post(of(partner.login, "simulate"), json=TRIAL, headers=theirs)
    above = await site.post(of(partner.login, "simulate"), json={**TRIAL, "level": 1}, headers=theirs)

    assert own.status_code == 200, own.text
    assert {(line["whose"], line["kind"], line["amount"]) for line in own.json()["lines"]} == {
        ("you", "commission", "9"),
        ("client", "rebate", "1"),
    }
    assert {(line["whose"], line["level"]) for line in above.json()["lines"]} == {("sub_partner", 0), ("client", 0)}
    assert (own.json()["plan"], own.json()["reason"]) == ("default", None)
    assert "master" not in own.text
    for login in (master.login, partner.login):
        assert not (await rewards.listed(committed, Granted(login), EVER, limit=9)).rows


@pytest.mark.parametrize(
    "more",
    [
        {"lots": "-1"},
        {"lots": "1e9"},
        {"lots": 1},
        {"lots": "1" * 20},
        {"level": 10},
        {"level": -1},
        {"symbol": ""},
        {"symbol": "x" * 33},
        {"close_price": "NaN"},
        {"digits": 11},
        {"currency": "usd"},
        {"more": 1},
    ],
)
async def test_a_trade_that_cannot_be_is_not_tried(
    site: httpx.AsyncClient, partner: Account, theirs: dict[str, str], more: dict[str, Any]
) -> None:
    answer = await site.post(of(partner.login, "simulate"), json={**TRIAL, **more}, headers=theirs)

    assert problem_of(answer) == (400, "malformed")


async def test_a_partner_without_a_plan_is_told_so(
    site: httpx.AsyncClient, committed: Connection, settings: Settings
) -> None:
    alone = await enrolled(committed)
    own = await signed_in(site, committed, alone.login, settings, Family.PARTNER)

    answer = await site.post(of(alone.login, "simulate"), json=TRIAL, headers=own)

    assert problem_of(answer) == (409, "conflict")
