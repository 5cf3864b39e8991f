"""Too many guesses, through every door: the same words, bytes, headers and work whether the login exists or not."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
from msgspec import structs

from opencabinet import access, app
from opencabinet.access import secrets, throttles
from opencabinet.db import Connection
from opencabinet.settings import Settings
from tests import make
from tests.doors.legacy.asking import BALANCE, CLIENT, DENIED, TOKENS, come_from
from tests.doors.peanut.asking import BEGIN
from tests.doors.watching import Seen, watched
from tests.living import living

V1 = "/v1/tokens"
WRONG = secrets.make_password(b"of nobody")
GUESS = "another passphrase"
LARGEST = 2**63 - 1
DOORS = (*TOKENS, BEGIN, V1)
Ask = Callable[[int, str], Any]


def body(door: str, login: int, password: str) -> dict[str, Any]:
    """Return a guess as a door takes it."""
    if door == V1:
        return {"login": login, "password": password}
    return {"Login": login, "Password": password}


async def guess(site: httpx.AsyncClient, door: str, login: int, password: str) -> httpx.Response:
    """Guess through a door."""
    return await site.post(door, json=body(door, login, password), headers={"X-Request-Id": "same"})


async def exhaust(site: httpx.AsyncClient, door: str, login: int, secret: str = GUESS) -> httpx.Response:
    """Guess until no more guesses are taken, which is soon; return the first answer of that kind."""
    for _ in range(12):
        answer = await guess(site, door, login, secret)
        if answer.status_code == 429:
            return answer
    pytest.fail(f"{door} takes any number of guesses.")


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("secret", ["x", WRONG])
async def test_the_eleventh_guess_is_one_too_many_and_tells_nothing(
    site: httpx.AsyncClient,
    committed: Connection,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    door: str,
    secret: str,
) -> None:
    known, closed = (await make.account(committed)).login, (await make.account(committed)).login
    await make.password(committed, known, settings)
    await access.close_account(committed, closed, [access.network("203.0.113.0/24")])
    watch = await watched(site, monkeypatch, BALANCE.format(1))
    told: dict[str, list[Seen]] = {}

    for number, login in enumerate((int(known), int(closed), 999, LARGEST)):
        come_from(site, f"198.51.{number}.7")
        for turn in range(12):
            watch.done.clear()
            answer = watch.seen(await guess(site, door, login, secret))
            told.setdefault(f"guess {turn + 1}", []).append(answer)

    statuses = [told[f"guess {turn + 1}"][0][0] for turn in range(12)]
    assert statuses == [statuses[0]] * 10 + [429] * 2
    for name, answers in told.items():
        waits = [int(headers.pop("retry-after", "300")) for _, _, headers, _ in answers]
        assert all(295 <= wait <= 300 for wait in waits), name
        bodies = [
            content.replace(b'"retry_after":%d' % wait, b"")
            for (_, content, *_), wait in zip(answers, waits, strict=True)
        ]
        assert len(set(bodies)) == 1, name
        assert all(answer[2:] == answers[0][2:] for answer in answers), name
        assert not any("ratelimit" in name for _, _, headers, _ in answers for name in headers)


async def test_each_door_says_it_in_its_own_words(site: httpx.AsyncClient) -> None:
    legacy = await exhaust(site, CLIENT, 7)
    peanut = await exhaust(site, BEGIN, 7)
    v1 = await exhaust(site, V1, 7)

    assert (legacy.content, legacy.headers["content-type"]) == (DENIED, "application/json; charset=utf-8")
    assert (peanut.content, peanut.headers["content-type"]) == (b"Too many requests", "text/plain; charset=utf-8")
    assert v1.headers["content-type"] == "application/problem+json"
    assert v1.json()["code"] == "too_many_requests"
    assert v1.json()["retry_after"] == int(v1.headers["retry-after"])


async def test_doors_share_what_is_counted(site: httpx.AsyncClient) -> None:
    answers = [await guess(site, DOORS[turn % len(DOORS)], 7, "x") for turn in range(14)]

    assert [answer.status_code == 429 for answer in answers] == [False] * 10 + [True] * 4


@pytest.mark.parametrize("door", DOORS)
async def test_an_owner_with_a_generated_password_is_let_in_under_attack(
    site: httpx.AsyncClient, committed: Connection, settings: Settings, door: str
) -> None:
    login = (await make.account(committed)).login
    password = await make.password(committed, login, settings)
    for number in range(30):
        come_from(site, f"198.51.{number}.7")
        await guess(site, door, login, "x")
    await exhaust(site, door, login, WRONG)

    for address in ("198.51.29.7", "203.0.113.7"):
        come_from(site, address)
        assert (await guess(site, door, login, WRONG)).status_code == 429
        assert (await guess(site, door, login, password)).status_code in {200, 201}


async def test_the_right_chosen_password_is_not_looked_at_where_no_guess_is_taken(
    site: httpx.AsyncClient, committed: Connection, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    login = (await make.account(committed)).login
    password = await make.chosen(committed, login, settings)
    await exhaust(site, V1, login)
    watch = await watched(site, monkeypatch, BALANCE.format(1))

    answer = watch.seen(await guess(site, V1, login, password))

    assert answer[0] == 429
    assert (answer[-1]["digest"], len([name for name in answer[-1] if "INSERT INTO tokens" in name])) == (0, 0)


@pytest.fixture
async def generous(settings: Settings, committed: Connection) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an application that takes a hundred times more guesses."""
    del committed
    async with living(app.build(structs.replace(settings, guess_factor=100))) as (client, _):
        yield client


async def test_an_operator_may_let_more_guesses_be_made(generous: httpx.AsyncClient) -> None:
    answers = {(await guess(generous, V1, 7, WRONG)).status_code for _ in range(80)}

    assert answers == {401}


async def test_without_the_throttle_any_number_of_guesses_is_taken(
    site: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tests above see it if it is off: this is what they would see."""
    monkeypatch.setattr(throttles.actions, "buckets", lambda *_, **__: [])

    for door in DOORS:
        with pytest.raises(pytest.fail.Exception):
            await exhaust(site, door, 7)
