"""What the owner leaves out is in no rendering of a widget: not as a figure, a blank, a heading or a sum."""

import re
from typing import Any

import httpx
import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from opencabinet.access import Hidden, Redaction
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.doors.showing.html import html
from opencabinet.doors.showing.model import Refused, Shown
from tests import make
from tests.doors.redactions import METAL, SECRET, Row, change_hidden, opened, redactions, told
from tests.doors.shown import reading
from tests.doors.shown.asking import OF_ACCOUNTS, asked, shown
from tests.doors.v1.asking import filled

pytestmark = pytest.mark.usefixtures("still")
HISTORY = [
    Row("closed", 3000, "EURUSD"),
    Row("closed", 700, METAL),
    Row("open", 800, "EURUSD"),
    Row("open", 650, METAL),
    Row("credit", 5000, ""),
]
SAID = {
    Redaction(hide=frozenset({Hidden.MONEY})): ("Result, USD", "61.82", '"net"'),
    Redaction(hide=frozenset({Hidden.VOLUMES})): ("Lots", "0.739", '"lots","label"'),
    Redaction(hide=frozenset({Hidden.COMMENTS})): (SECRET, "Comment", '"comment"'),
    Redaction(without_symbols=frozenset({METAL})): (METAL, "Equity", '"equity"'),
    Redaction(closed_only=True): ("Open result", "Floating", '"open_net"'),
}
"""What is left out, and by what words it would be seen."""


def everything(found: Shown | Refused) -> str:
    """Return all that every rendering of a widget says."""
    return f"{msgspec.json.encode(found).decode()} {html(found)} {reading.lines(found)}"


def rounded(found: dict[str, Any]) -> dict[str, str]:
    """Return what is shown with figures to nine decimals: what is measured is rounded as money is large."""
    told = {name: msgspec.json.encode(each).decode() for name, each in found.items()}
    return {name: re.sub(r'"(-?\d+\.\d+)"', lambda one: f"{float(one[1]):.9f}", each) for name, each in told.items()}


async def renderings(site: httpx.AsyncClient, account: Account) -> dict[str, Any]:
    """Return what each widget shows of an account, with every column there is."""
    columns = "symbol,lots,net,net_percent,closed_at,comment,profit,swap"
    found: dict[str, Any] = {name: await asked(site, name, account.login) for name in OF_ACCOUNTS}
    found["more"] = await asked(site, "closed-trades", account.login, columns=columns)
    return {name: (each.status if isinstance(each, Refused) else each) for name, each in found.items()}


@pytest.mark.parametrize("redaction", SAID, ids=lambda each: next(iter(map(str, each.parts))))
async def test_what_is_left_out_is_said_nowhere(
    site: httpx.AsyncClient, committed: Connection, redaction: Redaction
) -> None:
    account = await told(committed, HISTORY)
    await opened(committed, account.login, Redaction())
    before = "".join(everything(each) for each in (await renderings(site, account)).values())
    await opened(committed, account.login, redaction)
    after = [each for each in (await renderings(site, account)).values() if isinstance(each, Shown)]

    assert after
    for word in SAID[redaction]:
        assert word in before, "There is something to hide."
        assert word not in "".join(everything(each) for each in after), word


async def test_where_money_is_hidden_results_are_parts_of_the_balance(
    site: httpx.AsyncClient, committed: Connection
) -> None:
    account = await told(committed, HISTORY)
    await opened(committed, account.login, Redaction(hide=frozenset({Hidden.MONEY})))

    found = await shown(site, "closed-trades", account.login)

    heads = [each.text() for each in reading.page(found).css("thead th")]
    assert heads == ["Symbol", "Side", "Lots", "Result, %", "Closed, UTC", "Close price"]
    assert all(key.split("/")[0] in {"closed", "honesty"} for key in reading.by_key(found))
    assert len(reading.page(found).css("tbody tr")) == 2


@settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(redaction=redactions)
async def test_what_is_hidden_changes_nothing_that_is_shown(
    site: httpx.AsyncClient, committed: Connection, redaction: Redaction
) -> None:
    account = await told(committed, HISTORY)
    await opened(committed, account.login, redaction)

    before = rounded(await renderings(site, account))
    await change_hidden(committed, account, redaction)

    assert rounded(await renderings(site, account)) == before


async def test_a_delay_tells_the_moment_that_is_shown(site: httpx.AsyncClient, committed: Connection) -> None:
    account = await filled(committed, as_of=make.NOW)
    await opened(committed, account.login, Redaction(delay_minutes=600))

    found = await shown(site, "closed-trades", account.login)

    answer = await site.get(f"/v1/accounts/{account.login}/trades/closed")
    assert found.honesty.as_of == answer.json()["as_of"] != make.NOW.isoformat()
    assert found.honesty.lag_text is None, "how far the feed is would tell what is newer"
