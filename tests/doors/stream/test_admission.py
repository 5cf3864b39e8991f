"""Who is let in at the WebSocket, who waits there, and for how long."""

from contextlib import AsyncExitStack
from typing import Any

import httpx
import pytest

from opencabinet import access
from opencabinet.access import Level, Policy, Rule
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.doors.stream import watch
from opencabinet.doors.stream.words import Close
from opencabinet.settings import Settings
from tests import make
from tests.access import oracle
from tests.doors.legacy.asking import come_from, litestar
from tests.doors.showing import ELSEWHERE, HERE, credentials
from tests.doors.stream.talking import follow, shown, talking
from tests.doors.stream.test_tickets import PAGE, ticket
from tests.doors.test_every_door import policies


async def test_who_shows_nothing_is_not_waited_for(site: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("opencabinet.doors.stream.socket.AUTH_SECONDS", 0.1)
    async with talking(site) as heard:
        await heard.until(lambda: heard.closed)
    assert heard.closed == Close.LATE


async def test_only_so_many_wait_at_the_door(site: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("opencabinet.doors.stream.places.OF_NETWORK", 1)
    for _ in range(2):
        async with talking(site) as first:
            await first.until(lambda: first.accepted)
            async with talking(site) as second:
                await second.until(lambda: second.closed)
            assert (second.closed, second.accepted) == (Close.TOO_MANY, False)


async def test_those_who_show_nothing_keep_no_other_out(
    site: httpx.AsyncClient, account: Account, bearer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("opencabinet.doors.stream.places.AT_DOOR", 3)
    async with AsyncExitStack() as stack:
        silent = []
        for address in ("192.0.2.1", "198.51.100.1", "198.51.100.2"):
            come_from(site, address)
            silent.append(await stack.enter_async_context(talking(site)))
            await silent[-1].until(lambda: silent[-1].accepted)
        come_from(site, "203.0.113.1")
        async with talking(site, **shown(bearer)) as heard:
            await heard.until(lambda: heard.named("authenticated"))
        await silent[1].until(lambda: silent[1].closed)

        assert heard.named("authenticated") == [{"type": "authenticated", "login": account.login}]
        assert [each.closed for each in silent] == [None, Close.LATE, None], "The longest of those who are most."


async def test_whoever_comes_takes_half_of_the_connections_at_most(
    site: httpx.AsyncClient, account: Account, bearer: str, settings: Settings
) -> None:
    guessing, own = litestar(site).state.guessing, {"authorization": f"Bearer {bearer}"}
    async with AsyncExitStack() as taken:
        for _ in range(settings.pool_size // 2):
            await taken.enter_async_context(guessing.lend())
        async with talking(site, **shown(bearer)) as heard:
            await heard.until(lambda: heard.accepted)
            assert (await site.get(f"/v1/accounts/{account.login}/balance", headers=own)).status_code == 200
            assert not heard.named("authenticated")
            await taken.aclose()
            await heard.until(lambda: heard.named("authenticated"))


@pytest.mark.parametrize(
    "message",
    [
        {"type": "ping"},
        {"type": "auth"},
        {"type": "auth", "token": "x"},
        {"type": "auth", "ticket": "cct_x"},
        "{",
        b"x",
    ],
)
async def test_who_shows_nothing_good_is_not_let_in(site: httpx.AsyncClient, account: Account, message: Any) -> None:
    del account
    async with talking(site) as heard:
        heard.say(message)
        await heard.until(lambda: heard.closed)
    assert heard.closed in {Close.NO_CREDENTIAL, Close.MALFORMED}
    assert heard.heard == []


async def test_pages_show_tickets_only(site: httpx.AsyncClient, account: Account, bearer: str) -> None:
    async with talking(site, origin=PAGE) as heard:
        heard.say({"type": "auth", "token": bearer})
        await heard.until(lambda: heard.closed)
    assert heard.closed == Close.REFUSED
    for origin, closed in ((PAGE, None), ("https://evil.example", Close.REFUSED)):
        made = await ticket(site, account, bearer, origin=PAGE)
        async with talking(site, f"ticket={made}", origin=origin) as heard:
            await heard.until(lambda heard=heard: heard.closed or heard.heard)  # type: ignore[misc]
        assert heard.closed == closed


async def test_a_credential_in_the_address_is_refused(site: httpx.AsyncClient, account: Account, bearer: str) -> None:
    del account
    async with talking(site, f"token={bearer}") as heard:
        await heard.until(lambda: heard.closed)
    assert not heard.accepted


async def test_a_conversation_ends_within_seconds_when_its_credential_does(
    site: httpx.AsyncClient, committed: Connection, account: Account, bearer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "JUDGE_SECONDS", 1.0)
    async with talking(site, **shown(bearer)) as heard:
        await follow(heard, account)
        await committed.run("UPDATE tokens SET revoked_at = now()")
        await heard.until(lambda: heard.closed, seconds=10)
    assert heard.closed == Close.REFUSED


EXPECTED = {None: None, "credential": Close.NO_CREDENTIAL, "nothing shown": Close.NO_CREDENTIAL, "rule": Close.REFUSED}


@pytest.mark.parametrize("name", dict(policies()))
async def test_the_socket_lets_in_as_the_plain_rules_say(
    site: httpx.AsyncClient, committed: Connection, settings: Settings, name: str
) -> None:
    policy = dict(policies())[name]
    login, other = (await make.account(committed)).login, (await make.account(committed)).login
    shown = await credentials(committed, login, other, settings)
    await access.set_policy(committed, login, policy)
    await access.set_policy(committed, other, Policy(default=Rule(level=Level.OFF)))

    wrong = []
    for address in (HERE, ELSEWHERE):
        come_from(site, address)
        for kind, each in shown.items():
            if each.text is None or each.origin is not None:
                continue
            bearer = each.modern.bearer
            question = access.Ask(
                login=login, function=access.Function.CHANGES, address=access.address(address), origin=None
            )
            granted, ground, _ = oracle.expected(each.modern, policy, question)
            if bearer is not None and bearer.login == other:
                granted, ground = False, "rule"  # it is judged by the rules of its own account
            async with talking(site, authorization=f"Bearer {each.text}") as heard:
                await heard.until(lambda heard=heard: heard.closed or heard.heard)  # type: ignore[misc]
            found = None if heard.closed is None else Close(heard.closed)
            if found != EXPECTED[None if granted else ground]:
                wrong.append((kind, address, found, granted, ground))
    assert wrong == []
