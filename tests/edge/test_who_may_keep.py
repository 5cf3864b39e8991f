"""Who may keep an answer: said at every door, with answers and refusals, by the edge as by the application."""

from collections.abc import Mapping
from typing import Final

import httpx
import pytest

from opencabinet import access
from opencabinet.access import Family, Function
from opencabinet.db import Connection
from opencabinet.edge.front import Edge
from opencabinet.kernel.ids import Login
from opencabinet.settings import Settings
from tests.doors.rows import FEED, PUBLIC, ROWS
from tests.doors.showing import ORIGIN, Making
from tests.doors.test_every_door import FILLED, door_of
from tests.doors.v1.asking import filled

PRIVATE: Final = "private, no-store"
GUARDS: Final = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
}
VARIES: Final = {"passkey", "Authorization", "Cookie", "Origin"}
READS: Final = sorted(
    path for (verb, path), row in ROWS.items() if verb == "GET" and row.function not in {PUBLIC, FEED}
)
ENDLESS: Final = "/events"


class Asking:
    """Asks for everything of an account, each twice: the second time the edge may answer."""

    def __init__(self, site: httpx.AsyncClient, login: Login, secrets: Mapping[str, str]) -> None:
        self.site = site
        self.login = login
        self.secrets = secrets

    async def twice(self, path: str, **more: str) -> list[httpx.Response]:
        """Ask twice."""
        return [await self.once(path, **more) for _ in range(2)]

    async def once(self, path: str, verb: str = "GET", **more: str) -> httpx.Response:
        """Ask; what goes on for ever only for its head."""
        verb = "HEAD" if path.endswith(ENDLESS) else verb
        headers = {"Origin": ORIGIN, **more}
        if secret := self.secrets.get(family_of(path)):
            headers |= {"Authorization": f"Bearer {secret}"} if door_of(path) == "v1" else {"passkey": secret}
        return await self.site.request(verb, path.format(login=self.login, **FILLED), headers=headers)


def family_of(path: str) -> str:
    """Return which credential is shown for a path."""
    return f"{door_of(path)} {Function(ROWS['GET', path].function or '').family}"


def open_to_all(path: str) -> bool:
    """Whether what stands there may be open."""
    return not Function(ROWS["GET", path].function or "").private


def assert_nobody_keeps(answer: httpx.Response, path: str) -> None:
    """See that an answer is its reader's alone."""
    assert answer.headers["cache-control"] == PRIVATE, path
    assert "access-control-allow-origin" not in answer.headers, path
    assert_guarded(answer, path)


def assert_guarded(answer: httpx.Response, path: str) -> None:
    """See that an answer carries what all carry."""
    for name, value in GUARDS.items():
        assert answer.headers.get_list(name) == [value], (path, name)
    assert "sandbox" in answer.headers["content-security-policy"], path
    told = {each.strip() for each in answer.headers["vary"].split(",")}
    assert told >= VARIES or any(each in path for each in ("/statement", ENDLESS)), (path, told)
    assert answer.headers["x-request-id"], path
    for name in ("server", "set-cookie", "pragma", "expires", "age"):
        assert name not in answer.headers, path
    assert answer.headers.get_list("cache-control") in ([PRIVATE], ["public, no-cache"]), path


@pytest.fixture
async def account(committed: Connection) -> Login:
    return (await filled(committed)).login


@pytest.fixture
async def owner(held: httpx.AsyncClient, committed: Connection, account: Login, settings: Settings) -> Asking:
    """One who shows what opens each door."""
    making, secrets = Making(committed, account, settings), dict[str, str]()
    for family in (Family.CLIENT, Family.PARTNER):
        secrets[f"legacy {family}"] = await making.old(family)
        secrets[f"v1 {family}"] = (await making.session(family)).bearer
    return Asking(held, account, secrets)


@pytest.fixture
def stranger(held: httpx.AsyncClient, account: Login) -> Asking:
    """One who shows nothing."""
    return Asking(held, account, {})


@pytest.fixture
def guesser(held: httpx.AsyncClient, account: Login) -> Asking:
    """One who shows what is good for nothing."""
    return Asking(held, account, {f"{door} {family}": "0" * 64 for door in ("v1", "legacy") for family in Family})


async def test_what_a_credential_opens_is_nobodys_to_keep(owner: Asking, whole: Edge) -> None:
    for path in READS:
        answers = await owner.twice(path)
        assert {each.status_code for each in answers} == {ROWS["GET", path].answers}, (path, answers[0].text)
        for each in (*answers, await owner.once(path, "HEAD")):
            assert_nobody_keeps(each, path)
    assert whole.counts.hits > 20, "Many were the edge's."


async def test_a_refusal_is_nobodys_to_keep(
    stranger: Asking, guesser: Asking, committed: Connection, account: Login
) -> None:
    for path in READS:
        for each in await stranger.twice(path):
            assert each.status_code in {401, 403}
            assert_nobody_keeps(each, path)
    await access.open_account(committed, account)
    for path in READS:
        for each in await guesser.twice(path):
            assert each.status_code in {401, 403}
            assert_nobody_keeps(each, path)


async def test_what_is_open_may_be_kept_and_is_asked_for_again_each_time(
    stranger: Asking, committed: Connection, account: Login, whole: Edge
) -> None:
    await access.open_account(committed, account)
    await whole.coherence.catch_up()
    for path in filter(open_to_all, READS):
        for each in (*await stranger.twice(path), await stranger.once(path, "HEAD")):
            if each.status_code != 200 or door_of(path) != "v1":
                assert_nobody_keeps(each, path)
                continue
            assert each.headers["cache-control"] == "public, no-cache", path
            assert each.headers["etag"].startswith('"'), "A strong one."
            assert each.headers["access-control-allow-origin"] == "*"
            assert "access-control-allow-credentials" not in each.headers
            assert_guarded(each, path)
    assert whole.counts.hits > 20, "Many were the edge's."


async def assert_told_the_same_again(asking: Asking) -> None:
    """See that whoever has something already is told so by 304, with the headers of the answer."""
    known = 0
    for path in READS:
        first = await asking.once(path)
        if first.status_code != 200 or "etag" not in first.headers:
            continue
        known += 1
        for each in await asking.twice(path, **{"If-None-Match": first.headers["etag"]}):
            assert (each.status_code, each.content) == (304, b""), path
            for name in ("etag", "cache-control", "vary", "access-control-allow-origin"):
                assert each.headers.get(name) == first.headers.get(name), (path, name)
            assert_guarded(each, path)
    assert known > 10


async def test_an_owner_who_has_it_already_is_told_the_same(owner: Asking) -> None:
    await assert_told_the_same_again(owner)


async def test_a_stranger_who_has_it_already_is_told_the_same(
    stranger: Asking, committed: Connection, account: Login, whole: Edge
) -> None:
    await access.open_account(committed, account)
    await whole.coherence.catch_up()
    await assert_told_the_same_again(stranger)
