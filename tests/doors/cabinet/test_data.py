"""Taking along what is kept of somebody, and asking for it to be deleted."""

import asyncio
import io
import json
import time
import zipfile
from contextlib import nullcontext
from datetime import UTC, datetime
from decimal import Decimal
from typing import cast

import httpx
import pytest

from opencabinet.access.people import leaving
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.doors.cabinet.settings import archive
from opencabinet.doors.cabinet.settings.data import SECONDS, begin
from opencabinet.doors.cabinet.visit import Visit
from opencabinet.kernel.problem import Overloaded
from opencabinet.settings import Settings
from tests import make
from tests.access.people.person import PASSWORD, Someone
from tests.doors.cabinet.browser import Browser, owner
from tests.doors.legacy.asking import litestar
from tests.living import built

EXPORT = "/cabinet/settings/data/export"
DELETION = "/cabinet/settings/data/deletion"
STAY = "/cabinet/settings/data/stay"


@pytest.fixture
async def proved(hers: Browser) -> Browser:
    """A browser where she has just proved who she is."""
    await hers.open("/cabinet/prove")
    await hers.prove()
    return hers


async def exported(browser: Browser) -> dict[str, bytes]:
    """Return the files of an export."""
    await browser.open("/cabinet/settings/data")
    answer = await browser.send(EXPORT)
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"].startswith('attachment; filename="opencabinet-')
    assert answer.headers["cache-control"] == "private, no-store"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
        assert file.testzip() is None
        return {name: file.read(name) for name in file.namelist()}


async def test_all_that_is_kept_of_somebody_is_in_the_export(
    proved: Browser, account: Account, committed: Connection, settings: Settings
) -> None:
    other = await make.account(committed, login=7_000_999)
    await owner(committed, settings, other.login, email="bob@example.com")

    files = await exported(proved)

    folder = f"accounts/{account.login}"
    person = json.loads(files["person.json"])
    assert (person["email"], person["accounts"]) == ("ann@example.com", [account.login])
    for name in ("trades-closed", "trades-open", "orders", "movements", "authorizations"):
        assert json.loads(files[f"{folder}/{name}.json"]), name
    balance = json.loads(files[f"{folder}/balance.json"])
    assert Decimal(balance["balance"]) == account.balance
    assert files[f"{folder}/statement.csv"].count(b"\r\n") + files[f"{folder}/statement.csv"].count(b"\n") > 2
    assert b"ann@example.com" in files["README.txt"]
    whole = b"".join(files.values())
    assert b"7000999" not in whole
    assert b"bob@example.com" not in whole
    assert PASSWORD.encode() not in whole


async def test_every_page_of_a_list_is_in_it(
    proved: Browser, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = await exported(proved)
    monkeypatch.setattr(archive, "PAGE", 1)

    paged = await exported(proved)

    for name in ("trades-closed", "movements"):
        file = f"accounts/{account.login}/{name}.json"
        assert json.loads(paged[file]) == json.loads(whole[file])
        assert len(json.loads(paged[file])) > 1


async def test_what_does_not_fit_is_told_in_the_file(proved: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_BYTES", 1000)

    files = await exported(proved)

    assert b"Not in here:" in files["README.txt"]
    assert b"statement.csv" in files["README.txt"]


async def test_no_export_without_a_proof(hers: Browser) -> None:
    await hers.open("/cabinet/settings/data")

    answer = await hers.send(EXPORT)

    assert answer.status_code == 403
    assert hers.page.css_first("#password") is not None


async def test_one_export_at_a_time(proved: Browser, ann: Someone) -> None:
    exporting: dict[int, float] = built(litestar(proved.site)).litestar.state.setdefault("exporting", {})
    exporting[ann.id] = time.monotonic() + 9
    await proved.open("/cabinet/settings/data")
    assert (await proved.send(EXPORT)).status_code == 503
    exporting[ann.id] = time.monotonic() - 1  # its reader left before it began
    await proved.open("/cabinet/settings/data")

    await exported(proved)

    assert exporting == {}


def test_of_two_that_come_at_once_one_is_made() -> None:
    exporting: dict[int, float] = {}
    begin(exporting, 1, 0.0)

    for person in (1, 2, 3):
        with pytest.raises(Overloaded) if person != 2 else nullcontext():
            begin(exporting, person, 0.0)

    assert exporting == {1: SECONDS, 2: SECONDS}


async def test_a_large_file_is_made_piece_by_piece_and_others_have_their_turn() -> None:
    told, made = b"statement\n" * archive.PIECE, archive.Archive(cast("Visit", None))
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    task = asyncio.create_task(others())
    pieces = [piece async for piece in made.put("statement.csv", told)]
    task.cancel()
    made.zip.close()

    with zipfile.ZipFile(io.BytesIO(b"".join([*pieces, made.sink.taken()]))) as file:
        assert file.read("statement.csv") == told
    assert len(pieces) == 10
    assert turns >= 10


async def test_who_wants_to_be_deleted_says_so_and_may_take_it_back(
    proved: Browser, ann: Someone, committed: Connection, account: Account
) -> None:
    await proved.open("/cabinet/settings/data")
    await proved.send(DELETION, reason="I stop trading.")
    assert "You can take it back" in proved.text("[role=status]")
    asked = await leaving.deletion(committed, ann.id)
    assert asked is not None
    assert (asked.reason, asked.email) == ("I stop trading.", ann.email)
    assert await leaving.deletions(committed, (datetime(2020, 1, 1, tzinfo=UTC), 0), 10) == [asked]
    assert "I stop trading." in proved.text("main")

    await proved.send(STAY)

    assert await leaving.deletion(committed, ann.id) is None
    told = "SELECT action FROM authorizations WHERE login = %(login)s AND action LIKE 'person.%%' ORDER BY id"
    assert (await committed.values(told, login=account.login))[-2:] == ["person.leave", "person.stay"]


async def test_a_wish_that_is_due_is_not_taken_back_here(proved: Browser, ann: Someone, committed: Connection) -> None:
    await proved.open("/cabinet/settings/data")
    await proved.send(DELETION, reason="")
    earlier = "UPDATE deletion_requests SET asked_at = now() - interval '15 days', due_at = now() - interval '1 day'"
    await committed.run(earlier)
    await proved.open("/cabinet/settings/data")
    assert "too late" in proved.text("main")

    await proved.send(STAY)

    assert proved.text("[role=status]") == "The time to take it back is over: ask the operator."
    assert await leaving.deletion(committed, ann.id) is not None


async def test_a_reason_that_is_too_long_is_said_and_stays(proved: Browser) -> None:
    await proved.open("/cabinet/settings/data")

    answer = await proved.send(DELETION, reason="long " * 300)

    assert answer.status_code == 400
    assert "1,000" in proved.text("#reason-wrong")
    assert proved.text("#reason").startswith("long long")


async def test_the_export_of_nobodys_account_is_refused(site: httpx.AsyncClient) -> None:
    answer = await site.post(EXPORT, headers={"origin": "http://cabinet.test"}, data={"form_token": ""})

    assert answer.headers["location"].startswith("/cabinet/sign-in")
