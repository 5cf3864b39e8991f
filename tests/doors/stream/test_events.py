"""Events as they come: nothing is missed, nothing told twice, and nothing to whoever may not hear it any more."""

import asyncio
from contextlib import AsyncExitStack
from typing import Any

import httpx
import pytest

from opencabinet import access
from opencabinet.access import Level, Policy, Rule
from opencabinet.accounts import Account
from opencabinet.db import Connection, outbox
from opencabinet.doors.stream import watch
from opencabinet.doors.stream.listener import Listener
from opencabinet.kernel.ids import Login
from tests import make
from tests.doors.stream.listening import Listening, listening


def path(login: int) -> str:
    return f"/v1/accounts/{login}/events"


def ids(login: int, *numbers: int) -> list[str]:
    return [f"evt_{login}_{number}" for number in numbers]


def shown(bearer: str) -> dict[str, Any]:
    return {"authorization": f"Bearer {bearer}"}


async def append(conn: Connection, login: Login, times: int = 1, kind: str = "trade.closed") -> None:
    for _ in range(times):
        await outbox.append(conn, login, kind, profit="1.50", comment='"Ω"\n\n')


async def settled(heard: Listening) -> None:
    """Wait until the stream hears by itself."""
    await heard.until(lambda: heard.named("heartbeat"))


async def test_what_comes_is_told_at_once_with_its_id(
    site: httpx.AsyncClient, committed: Connection, account: Account, bearer: str
) -> None:
    await append(committed, account.login, 3)
    async with listening(site, path(account.login), **shown(bearer)) as heard:
        assert (heard.status, heard.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
        assert (heard.headers["cache-control"], heard.headers["x-accel-buffering"]) == ("private, no-store", "no")
        await settled(heard)
        assert heard.named("heartbeat")[0].id == f"evt_{account.login}_3"
        await append(committed, account.login)
        await heard.until(lambda: heard.events)

    [event] = heard.events
    assert (event.event, event.id) == ("trade.closed", f"evt_{account.login}_4")
    assert event.data["data"] == {"profit": "1.50", "comment": '"Ω"\n\n'}
    assert (event.data["id"], event.data["number"], event.data["type"]) == (event.id, 4, "trade.closed")
    assert heard.body.startswith(b"retry: ")


@pytest.mark.parametrize("header", [False, True])
async def test_what_was_missed_comes_first_and_nothing_comes_twice(
    site: httpx.AsyncClient, committed: Connection, account: Account, bearer: str, *, header: bool
) -> None:
    await append(committed, account.login, 450)
    since = f"evt_{account.login}_2"
    given = {"last_event_id": since} if header else {}

    async def write_on() -> None:
        for _ in range(60):
            await append(committed, account.login)

    writing = asyncio.create_task(write_on())
    query = f"since=evt_{account.login}_400" if header else f"since={since}"  # a browser asks with both
    async with listening(site, path(account.login), query, **shown(bearer), **given) as heard:
        await writing
        await heard.until(lambda: len(heard.events) >= 508)
        await asyncio.sleep(0.1)

    assert heard.ids == ids(account.login, *range(3, 511))


async def test_only_the_types_that_are_asked_for_are_told_and_the_ids_go_on(
    site: httpx.AsyncClient, committed: Connection, account: Account, bearer: str
) -> None:
    for kind in ("trade.closed", "movement.booked", "order.placed", "trade.opened"):
        await append(committed, account.login, kind=kind)
    query = f"since=evt_{account.login}_0&types=trade.*,movement.booked"
    async with listening(site, path(account.login), query, **shown(bearer)) as heard:
        await settled(heard)
        await append(committed, account.login, kind="order.placed")
        await append(committed, account.login, kind="trade.gone")
        await heard.until(lambda: len(heard.events) == 4)

    assert heard.ids == ids(account.login, 1, 2, 4, 6)
    assert heard.named("heartbeat")[0].id == f"evt_{account.login}_4"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("since=evt_{other}_1", "no_such_event"),
        ("since=evt_{login}_2", "no_such_event"),
        ("since=evt_{login}", "invalid_parameter"),
        ("since=7", "invalid_parameter"),
        ("types=*", "invalid_parameter"),
        ("types=" + ",".join(["trade.closed"] * 21), "invalid_parameter"),
        ("types=trade.closed%0a", "invalid_parameter"),
        ("nobody=knows", "invalid_parameter"),
    ],
)
async def test_what_cannot_be_followed_is_refused(
    site: httpx.AsyncClient, committed: Connection, account: Account, bearer: str, query: str, code: str
) -> None:
    other = await make.account(committed)
    await append(committed, account.login)
    asked = query.format(login=account.login, other=other.login)
    answer = await site.get(f"{path(account.login)}?{asked}", headers={"Authorization": f"Bearer {bearer}"})

    assert (answer.status_code, answer.json()["code"]) == (422 if code == "no_such_event" else 400, code)
    assert answer.headers["content-type"] == "application/problem+json"
    if code == "no_such_event":
        again = await site.get(
            path(account.login), headers={"Authorization": f"Bearer {bearer}", "Last-Event-ID": asked[6:]}
        )
        assert (again.status_code, again.json()["code"]) == (422, code)


async def test_what_is_kept_no_longer_is_a_gap(
    site: httpx.AsyncClient, committed: Connection, account: Account, bearer: str
) -> None:
    await append(committed, account.login, 6)
    await committed.run("DELETE FROM events WHERE number <= 3")
    async with listening(site, path(account.login), f"since=evt_{account.login}_1", **shown(bearer)) as heard:
        await settled(heard)

    [gap] = heard.named("gap")
    assert (gap.id, gap.data) == (f"evt_{account.login}_3", {"oldest_event_id": f"evt_{account.login}_4"})
    assert heard.ids == ids(account.login, 4, 5, 6)


async def test_who_knows_the_last_that_is_gone_misses_nothing(
    site: httpx.AsyncClient, committed: Connection, account: Account, bearer: str
) -> None:
    await append(committed, account.login, 3)
    await committed.run("DELETE FROM events")
    for number, gaps in ((3, 0), (2, 1)):
        query = f"since=evt_{account.login}_{number}"
        async with listening(site, path(account.login), query, **shown(bearer)) as heard:
            await settled(heard)
        assert len(heard.named("gap")) == gaps


async def test_who_is_slow_is_told_how_much_was_dropped_and_misses_nothing_by_coming_back(
    site: httpx.AsyncClient, committed: Connection, account: Account, bearer: str
) -> None:
    async with listening(site, path(account.login), **shown(bearer)) as heard:
        await settled(heard)
        heard.reading.clear()
        async with committed.transaction():
            await append(committed, account.login, 700)
        await asyncio.sleep(2)  # all of it is heard of by then, also on a busy machine
        heard.reading.set()
        await heard.until(lambda: heard.over)
    [slow], [end] = heard.named("slow"), heard.named("end")
    assert slow.data["dropped"] > 100
    assert (end.data["reason"], slow.data["last_event_id"]) == ("slow", end.data["last_event_id"])

    query = f"since={slow.data['last_event_id']}"
    async with listening(site, path(account.login), query, **shown(bearer)) as again:
        await again.until(lambda: len(heard.ids + again.ids) >= 700)
    assert heard.ids + again.ids == ids(account.login, *range(1, 701))


REVOKE = "UPDATE tokens SET revoked_at = now()"
EXPIRE = "UPDATE tokens SET expires_at = now() + interval '1 second'"


@pytest.mark.parametrize("how", ["revoked", "silently revoked", "expired", "policy", "network"])
async def test_a_stream_ends_within_seconds_when_its_credential_does(
    site: httpx.AsyncClient,
    committed: Connection,
    account: Account,
    bearer: str,
    how: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert watch.JUDGE_SECONDS <= 5, "Seconds: what nothing announces is found out by then."
    monkeypatch.setattr(watch, "JUDGE_SECONDS", 1.0)
    async with listening(site, path(account.login), **shown(bearer)) as heard:
        await settled(heard)
        if how == "revoked":
            await access.revoke(committed, account.login, access.Source())
        elif how == "policy":
            await access.set_policy(
                committed, account.login, Policy(rules={access.Function.CHANGES: Rule(level=Level.OFF)})
            )
        elif how == "network":
            mask = Rule(level=Level.BOTH, networks=(access.network("192.0.2.0/24"),))
            await access.set_policy(committed, account.login, Policy(default=mask))
        else:
            await committed.run(REVOKE if how == "silently revoked" else EXPIRE)
        await heard.until(lambda: heard.over, seconds=10)
        await append(committed, account.login, kind="trade.closed")

    assert heard.named("end")[0].data["reason"] == "refused"
    assert "trade.closed" not in [each.event for each in heard.events]


async def test_whoever_may_go_on_goes_on(
    site: httpx.AsyncClient, committed: Connection, account: Account, bearer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "JUDGE_SECONDS", 0.2)
    async with listening(site, path(account.login), **shown(bearer)) as heard:
        await settled(heard)
        await access.set_policy(
            committed, account.login, Policy(rules={access.Function.BALANCE: Rule(level=Level.OFF)})
        )
        await asyncio.sleep(1.5)
        await append(committed, account.login)
        await heard.until(lambda: len(heard.events) == 2)

    assert heard.events[0].data["data"] == {}
    assert not heard.named("end")


async def test_a_heart_beats_with_the_last_id(
    site: httpx.AsyncClient, account: Account, bearer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert watch.BEAT_SECONDS + 2 * watch.LOOK_SECONDS < 15
    for module in ("watch", "sse"):
        monkeypatch.setattr(f"opencabinet.doors.stream.{module}.BEAT_SECONDS", 0.1)
    async with listening(site, path(account.login), **shown(bearer)) as heard:
        await heard.until(lambda: len(heard.named("heartbeat")) >= 3)

    assert {each.id for each in heard.named("heartbeat")} == {f"evt_{account.login}_0"}
    assert b"\n: heartbeat\n" in heard.body


async def test_only_so_many_listen_to_an_account_and_places_come_free(
    site: httpx.AsyncClient, account: Account, bearer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("opencabinet.doors.stream.places.OF_ACCOUNT", 1)
    for _ in range(3):
        async with listening(site, path(account.login), **shown(bearer)):
            answer = await site.get(path(account.login), headers={"Authorization": f"Bearer {bearer}"})
            assert (answer.status_code, answer.headers["retry-after"]) == (429, "30")


async def test_asking_for_the_head_opens_no_stream(site: httpx.AsyncClient, account: Account, bearer: str) -> None:
    answer = await site.head(path(account.login), headers={"Authorization": f"Bearer {bearer}"})

    assert (answer.status_code, answer.content) == (200, b"")


async def test_no_connection_is_held_while_nothing_comes(
    site: httpx.AsyncClient, committed: Connection, account: Account, bearer: str
) -> None:
    path_of_changes = f"/v1/accounts/{account.login}/changes"
    async with AsyncExitStack() as stack:
        opened = [
            await stack.enter_async_context(listening(site, path(account.login), **shown(bearer))) for _ in range(12)
        ]
        for each in opened:
            await settled(each)
        answer = await site.get(path_of_changes, headers={"Authorization": f"Bearer {bearer}"})
        await append(committed, account.login)
        for each in opened:
            await each.until(lambda each=each: each.events)  # type: ignore[misc]

    assert answer.status_code == 200


async def test_a_listener_that_catches_up_is_not_slow() -> None:
    held: Any = None
    listener = Listener(held, most=2)
    listener.catching_up = True
    for number in range(5):
        news: Any = type("News", (), {"login": 1, "number": number, "kind": "told"})
        listener.put(news)

    assert (listener.behind, listener.ended, len(listener.waiting)) == (True, None, 2)
