"""Bonuses in the browser: how far each is, what counted, what did not and why."""

from decimal import Decimal
from typing import Any

import pytest
from msgspec import structs

from opencabinet import accounts, bonuses, ledger
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.settings import Settings
from tests import make
from tests.bonuses.rules import FIRST, day, money, moved
from tests.doors.cabinet.browser import Browser
from tests.doors.cabinet.client.reading import attribute, part, place
from tests.doors.v1.asking import asked, path, signed_in


@pytest.fixture
async def given(committed: Connection, account: Account) -> Account:
    """The account, with a bonus that is on its way: one trade counts, and one that closed before does not."""
    await bonuses.save(committed, [*FIRST.values()])
    await accounts.know_server(committed, "S", "UTC")
    origin = accounts.Origin(server="S", number=1, since=make.NOW, login=account.login)
    await accounts.add_origin(committed, origin)
    rows = (money(901, 1, "1000"), moved(902, 2, "550"))
    await ledger.save(committed, [structs.replace(each, login=account.login) for each in rows])
    for days in (1, 3):
        at, size = day(days), {"lots": Decimal(300), "contract_size": Decimal(10_000)}
        await make.closed_trade(committed, account.login, closed_at=at, opened_at=at - make.HOUR, **size)
    return account


async def test_progress_is_v1s_with_what_counted_and_what_did_not(
    hers: Browser, committed: Connection, given: Account, settings: Settings
) -> None:
    own = await signed_in(hers.site, committed, given.login, settings)
    told: dict[str, Any] = await asked(hers.site, path(given.login, "bonuses"), own)
    [programme, *_] = [each for each in told["programmes"] if Decimal(each["required_lots"] or 0)]

    await part(hers, place(given.login, "/bonuses"))

    share = Decimal(programme["counted_lots"]) / Decimal(programme["required_lots"])
    assert abs(Decimal(attribute(hers, "progress", "value")) - min(share, Decimal(1))) < Decimal("0.001")
    assert programme["title"] in hers.text("h2 bdi")
    assert programme["arithmetic"] in hers.text("div")
    assert programme["not_counted"]
    for each in programme["not_counted"]:
        assert each["text"] in hers.text("div")
    assert f"{Decimal(told['remaining']):,.2f} USD" in hers.text("dl.figures")


async def test_an_account_without_one_says_so(hers: Browser, account: Account) -> None:
    await part(hers, place(account.login, "/bonuses"))

    assert "No bonus was given" in hers.text(".empty")
