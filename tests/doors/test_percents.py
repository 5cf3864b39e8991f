"""Percents stand for hidden money, and tell nothing else of it."""

from decimal import Decimal

import httpx
import pytest

from opencabinet import access
from opencabinet.access import Hidden, Redaction
from opencabinet.db import Connection
from tests.doors.redactions import (
    EVERYTHING,
    METAL,
    Row,
    opened,
    told,
)
from tests.doors.v1.asking import asked, path

pytestmark = pytest.mark.usefixtures("still")


async def test_percents_stand_for_hidden_money(site: httpx.AsyncClient, committed: Connection) -> None:
    account = await told(committed, [EVERYTHING, Row("open", 700, "EURUSD")])
    await opened(committed, account.login, Redaction(hide=frozenset({Hidden.MONEY})))

    balance = await asked(site, path(account.login, "balance"))
    summary = await asked(site, path(account.login, "summary"))
    lots = await asked(site, path(account.login, "closed-lots"))
    series = await asked(site, path(account.login, "series/balance"))

    assert balance["equity_percent"] == "105.82"  # 61.8247 of 1061.8247 is open
    assert summary["closed"]["net_percent"] == lots["total"]["net_percent"] == lots["data"][0]["net_percent"] == "5.82"
    assert [day.get("net_percent") for day in series["data"]] == ["0", "5.82"]
    assert summary["closed"]["net_percent_reason"] is None
    assert await asked(site, path(account.login, "trades/closed"), fields="net_percent,net") | {} == {
        **await asked(site, path(account.login, "trades/closed"), fields="net,net_percent")
    }


@pytest.mark.parametrize("amount", ["0", "-1"])
async def test_there_is_no_percent_of_nothing(site: httpx.AsyncClient, committed: Connection, amount: str) -> None:
    account = await told(committed, [EVERYTHING])
    await committed.run("UPDATE accounts SET balance = %(amount)s", amount=Decimal(amount))
    await opened(committed, account.login, Redaction(hide=frozenset({Hidden.MONEY})))

    [trade] = (await asked(site, path(account.login, "trades/closed")))["data"]
    balance = await asked(site, path(account.login, "balance"))

    assert (trade["net_percent"], balance["equity_percent"]) == (None, None)
    assert trade["net_percent_reason"] == balance["reasons"]["equity_percent"] == "The balance is not above zero."


async def test_nobody_sees_percents_of_a_balance_with_symbols_left_out(
    site: httpx.AsyncClient, committed: Connection
) -> None:
    account = await told(committed, [EVERYTHING])
    redaction = Redaction(hide=frozenset({Hidden.MONEY}), without_symbols=frozenset({METAL}))
    await opened(committed, account.login, redaction)

    [trade] = (await asked(site, path(account.login, "trades/closed")))["data"]

    assert trade["net_percent"] is None
    assert "symbols that are left out" in trade["net_percent_reason"]


@pytest.mark.parametrize("amount", ["100", "-1"])
async def test_who_sees_money_sees_no_percents(site: httpx.AsyncClient, committed: Connection, amount: str) -> None:
    account = await told(committed, [EVERYTHING])
    await committed.run("UPDATE accounts SET balance = %(amount)s", amount=Decimal(amount))
    await access.open_account(committed, account.login)

    for rest in ("balance", "summary", "trades/closed", "closed-lots", "series/balance"):
        answer = await site.get(path(account.login, rest))
        assert b"net_percent" not in answer.content, rest
        assert b"equity_percent" not in answer.content, rest
