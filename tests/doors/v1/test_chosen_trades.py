"""Closed trades that a filter chooses: by side, and by what stands in their comment."""

from typing import Any

import httpx

from opencabinet import access
from opencabinet.access import Hidden, Level, Policy, Redaction, Rule
from opencabinet.accounts import Account
from opencabinet.db import Connection
from tests import make
from tests.doors.v1.asking import asked, path, refused


async def chosen(site: httpx.AsyncClient, login: int, own: dict[str, str], **given: Any) -> list[str]:
    """Return the comments of the trades that are chosen; they must add up to no balance."""
    answer = await asked(site, path(login, "trades/closed"), own, **given)
    assert answer["receipt"]["results"] is None
    assert answer["receipt"]["count"] == len(answer["data"])
    return [row["comment"] for row in answer["data"]]


async def test_trades_are_chosen_by_side_and_by_comment(
    site: httpx.AsyncClient, committed: Connection, account: Account, own: dict[str, str]
) -> None:
    for number, (side, comment) in enumerate((("buy", "Robot 7%"), ("sell", "robot 8_"), ("sell", "by hand"))):
        at = make.NOW + number * make.HOUR
        await make.closed_trade(committed, account.login, side=side, comment=comment, closed_at=at)

    assert await chosen(site, account.login, own, comment="ROBOT") == ["robot 8_", "Robot 7%"]
    assert await chosen(site, account.login, own, comment="robot", side="sell") == ["robot 8_"]
    assert await chosen(site, account.login, own, comment="robot", time_field="open") == ["robot 8_", "Robot 7%"]
    assert await chosen(site, account.login, own, comment="by", symbol="eurusd", side="sell") == ["by hand"]
    assert await chosen(site, account.login, own, comment="%") == ["Robot 7%"], "It is text, not a pattern."
    assert await chosen(site, account.login, own, comment="_", side="buy") == []


async def test_nobody_learns_by_a_filter_what_comments_say_that_are_left_out(
    site: httpx.AsyncClient, committed: Connection, account: Account, own: dict[str, str]
) -> None:
    rule = Rule(level=Level.OPEN, redaction=Redaction(hide=frozenset({Hidden.COMMENTS})))
    await access.set_policy(committed, account.login, Policy(default=rule))

    where = path(account.login, "trades/closed")
    assert await refused(site, where, comment="a") == (400, "invalid_parameter")
    assert (await asked(site, where, side="buy"))["data"]
    assert (await asked(site, where, own, comment="nothing of the kind"))["data"] == []
