"""What goes wrong meanwhile is told as what it is, and nothing is left out in silence."""

import asyncio
from typing import Any

import httpx
import pytest

from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.doors.stream import conversation, replay, session
from opencabinet.kernel.ids import Granted
from opencabinet.kernel.problem import Overloaded
from tests.doors.stream.listening import listening
from tests.doors.stream.talking import talking
from tests.doors.stream.test_events import append, ids, path, settled, shown


@pytest.mark.parametrize("last", [7, 9])
async def test_what_is_forgotten_while_it_is_read_is_told_as_a_gap(
    site: httpx.AsyncClient,
    committed: Connection,
    account: Account,
    bearer: str,
    monkeypatch: pytest.MonkeyPatch,
    last: int,
) -> None:
    monkeypatch.setattr(replay, "PAGE", 2)
    await append(committed, account.login, 9)
    async with listening(site, path(account.login), f"since=evt_{account.login}_0", **shown(bearer)) as heard:
        heard.reading.clear()
        await committed.run(f"DELETE FROM events WHERE number <= {last}")  # noqa: S608
        heard.reading.set()
        await heard.until(lambda: heard.over)

    [end] = heard.named("end")
    newest = [f"evt_{account.login}_0", *heard.ids][-1]
    assert (end.data["reason"], end.data["last_event_id"]) == ("lost", newest)
    assert heard.ids == ids(account.login, *range(1, len(heard.ids) + 1))
    async with listening(site, path(account.login), f"since={newest}", **shown(bearer)) as again:
        await settled(again)
    assert len(again.named("gap")) == 1
    assert again.ids == ids(account.login, *range(last + 1, 10))


async def test_what_cannot_be_done_now_is_not_called_malformed(
    site: httpx.AsyncClient, account: Account, bearer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(_: object) -> None:
        raise Overloaded("All connections to the database are in use.")

    async with talking(site, **shown(bearer)) as heard:
        await heard.until(lambda: heard.named("authenticated"))
        with monkeypatch.context() as broken:
            broken.setattr(session.Streams, "lend", busy)
            heard.say({"type": "subscribe", "topics": [f"account:{account.login}"]})
            await heard.until(lambda: heard.named("problem"))
        heard.say({"type": "subscribe", "topics": [f"account:{account.login}"]})
        await heard.until(lambda: heard.named("subscribed"))

    assert [each["code"] for each in heard.named("problem")] == ["overloaded"]


async def test_no_event_is_told_before_the_answer_that_it_will_be(
    site: httpx.AsyncClient, committed: Connection, account: Account, bearer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def joined(hub: Any, conn: Connection, talker: Any, login: Granted, since: str | None) -> replay.Start:
        talker.restless = True  # whoever tells looks now, and waits for its turn
        talker.wake()
        await asyncio.sleep(0.1)
        return await replay.joined(hub, conn, talker, login, since)

    monkeypatch.setattr(conversation, "joined", joined)
    await append(committed, account.login, 3)
    async with talking(site, **shown(bearer)) as heard:
        heard.say(
            {
                "type": "subscribe",
                "topics": [f"account:{account.login}"],
                "since": f"evt_{account.login}_0",
            }
        )
        await heard.until(lambda: len(heard.ids) == 3)

    assert [each["type"] for each in heard.heard] == ["authenticated", "subscribed", "event", "event", "event"]
