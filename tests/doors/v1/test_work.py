"""Unknown and wrong are told apart by nothing on v1 either: not the bytes, not the headers, not the work done."""

import hashlib
import hmac
from collections import Counter
from collections.abc import Callable
from typing import Any

import httpx
import psycopg
import pytest

from opencabinet import access
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.doors.v1 import openapi
from opencabinet.settings import Settings
from tests import make
from tests.doors.v1.asking import changing, of_accounts, path, path_of
from tests.doors.watching import ASIDE, OF_A_NEW_NETWORK, only_more, uncounted

LARGEST = 2**63 - 1
Seen = tuple[int, bytes, dict[str, str], Counter[str]]


class Watch:
    """Counts the statements run and the hashes made, by name."""

    def __init__(self, site: httpx.AsyncClient) -> None:
        self.site = site
        self.done: Counter[str] = Counter()

    def counting(self, name: Callable[..., str], work: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function that counts how often it worked."""

        def counted(*args: Any, **kwargs: Any) -> Any:
            if (named := name(*args)) not in ASIDE:
                self.done[named] += 1
            return work(*args, **kwargs)

        return counted

    async def seen(self, verb: str, where: str, **given: Any) -> Seen:
        """Return all that an answer tells, with the work done for it."""
        self.done.clear()
        given["headers"] = {"X-Request-Id": "same", **given.get("headers", {})}
        answer = await self.site.request(verb, where, **given)
        return answer.status_code, answer.content, uncounted(answer.headers), Counter(self.done)


@pytest.fixture
async def watch(site: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> Watch:
    """What counts the work of the application under test."""
    made = Watch(site)
    for module, name in ((hmac, "digest"), (hashlib, "sha256")):
        work = getattr(module, name)
        monkeypatch.setattr(module, name, made.counting(lambda *_, named=name: named, work))
    execute = psycopg.AsyncCursor.execute
    monkeypatch.setattr(psycopg.AsyncCursor, "execute", made.counting(lambda *args: str(args[1]), execute))
    await site.get(path(1))  # opens the pool's first connection
    return made


@pytest.mark.parametrize("form", ["generated", "chosen"])
async def test_an_unknown_login_and_a_wrong_password_are_one(
    watch: Watch, committed: Connection, account: Account, settings: Settings, form: str
) -> None:
    giving = make.password if form == "generated" else make.chosen
    password = await giving(committed, account.login, settings)
    locked = await make.account(committed)  # has no API password at all
    guess = access.secrets.make_password() if form == "generated" else "wrong"

    wrong = [
        await watch.seen("POST", "/v1/tokens", json={"login": login, "password": guess})
        for login in (account.login, locked.login, 999, LARGEST)
    ]
    shown = {"login": account.login, "password": password}
    first, again = [await watch.seen("POST", "/v1/tokens", json=shown) for _ in range(2)]

    status, _, _, done = wrong[0]
    assert status == 401
    assert (done["digest"], done["sha256"]) == (1, 2), "The password and both tokens are hashed."
    assert sum(count for name, count in done.items() if "INSERT INTO tokens" in name) == 1
    assert all(each == wrong[0] for each in wrong)
    assert (first[0], again[0]) == (201, 201)
    assert only_more(again[-1], done), "It is told of, and gives the slots back."
    assert only_more(first[-1], done, *OF_A_NEW_NETWORK), "The account is told of the network, once."


async def test_every_refresh_token_that_is_good_for_nothing_is_one(watch: Watch) -> None:
    told = [
        await watch.seen("POST", "/v1/tokens", json={"refresh_token": token})
        for token in ("x", "ccr_" + "0" * 49, "é" * 128)
    ]

    assert told[0][0] == 401
    assert all(each == told[0] for each in told)


async def test_an_unknown_account_and_a_closed_one_are_one(
    watch: Watch, committed: Connection, account: Account, own: dict[str, str]
) -> None:
    stranger, opened = await make.account(committed), await make.account(committed)
    await access.open_account(committed, opened.login)

    for each in (*of_accounts(watch.site), *changing(watch.site)):
        body = {} if each.body is None else {"json": openapi.EXAMPLES[f"{each.id} asked"]}
        for headers in ({}, {"Authorization": "Bearer " + "0" * 64}, own):
            mine = opened if headers else account
            logins = (stranger.login, mine.login, 999, 0, LARGEST, LARGEST + 1)
            refused = [await watch.seen(each.verb, path_of(each, login), **body, headers=headers) for login in logins]

            assert refused[0][0] in {401, 404}
            assert sum("tokens" in name for name in refused[0][-1]) == 1, "The judge asks once."
            assert all(other == refused[0] for other in refused), (each.id, headers)
