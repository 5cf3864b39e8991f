"""Every function, level, credential and address, at every door: what comes out is what the plain rules say."""

import asyncio
from collections.abc import Iterable, Iterator
from typing import Any, Final

import httpx
import pytest

from opencabinet import access
from opencabinet.access import Ask, Function, Level, Policy, Public, Rule
from opencabinet.db import Connection
from opencabinet.doors import caller, gate
from opencabinet.kernel.ids import Login
from opencabinet.settings import Settings
from tests import make
from tests.access import oracle
from tests.doors.legacy.asking import come_from
from tests.doors.legacy.asking import litestar as inner
from tests.doors.rows import FEED, ROWS, Row
from tests.doors.showing import ELSEWHERE, HERE, USELESS, Shown, credentials
from tests.doors.v1.asking import filled
from tests.living import built

FILLED: Final = {"name": "profit_factor", "id": "tok_1", "from": "1", "to": "2", "account": "1"}
MODERN: Final = {"credential": 401, "nothing shown": 401, "other account": 404, "rule": 403, "proof": 401}
REFUSED: Final = {"legacy": 403, "peanut": 500}
USELESS_UNDER: Final = {Level.OPEN}
"""The most open policy: what is good for nothing is refused before any rule is looked at."""
STOPPED: Final = {400, 415}
"""How a change is stopped once the judge has let it through: nobody knows its parameter, or its body is none."""

AT_ONCE: Final = 6
PLACES: Final = (HERE, ELSEWHERE, None)


PAGES: Final = "/cabinet"
"""Pages of people who are signed in: tests/doors/cabinet/test_every_page.py walks through them."""


def served(site: httpx.AsyncClient) -> set[tuple[str, str]]:
    """Return every endpoint that is served, but for pages of the cabinet."""
    routes = gate.served(built(inner(site)).litestar)
    return {
        (verb, route.path_format)
        for route, handler in routes
        for verb in getattr(handler, "http_methods", ())
        if verb != "OPTIONS" and not route.path_format.startswith(PAGES)
    }


async def test_every_endpoint_has_a_row_and_every_row_an_endpoint(site: httpx.AsyncClient) -> None:
    assert served(site) ^ set(ROWS) == set()


async def test_every_endpoint_declares_what_its_row_says(site: httpx.AsyncClient) -> None:
    for route, handler in gate.served(built(inner(site)).litestar):
        for verb in getattr(handler, "http_methods", {"OPTIONS"}) - {"OPTIONS"}:
            if route.path_format.startswith(PAGES):
                continue
            row = ROWS[verb, route.path_format]
            need = gate.need(handler)
            assert (None if isinstance(need, Public) else str(need)) == row.function, route.path_format
            assert bool(handler.opt.get(caller.FRESH)) == row.fresh, route.path_format


def door_of(path: str) -> str:
    """Return which door a path leads through."""
    if path.startswith("/v1/"):
        return "v1"
    return "peanut" if path.startswith("/api/clientcabinet") else "legacy"


async def ask(site: httpx.AsyncClient, verb: str, path: str, login: Login, row: Row, shown: Shown) -> httpx.Response:
    """Ask an endpoint something, with a credential or with none."""
    where = path.format(login=login, **FILLED)
    headers = {} if shown.origin is None else {"Origin": shown.origin}
    if path.endswith("/events"):
        verb = "HEAD"  # what is answered goes on for ever
    if door_of(path) == "peanut":
        return await site.request(verb, where, json={"login": login, "token": shown.text}, headers=headers)
    if shown.text is not None:
        name, value = ("Authorization", f"Bearer {shown.text}") if door_of(path) == "v1" else ("passkey", shown.text)
        headers[name] = value
    return await site.request(verb, where, headers=headers, params={"nobody": "knows"} if row.changes else None)


async def all_of(
    site: httpx.AsyncClient, verb: str, path: str, login: Login, row: Row, shown: Iterable[tuple[Shown, set[int]]]
) -> list[httpx.Response]:
    """Ask an endpoint with each credential, and return the answers in order.

    Refusals leave on a beat, so many are asked for at a time; of an account's long answers few are given at once.
    """
    refusals, answers = asyncio.Semaphore(AT_ONCE), asyncio.Lock()

    async def answer(one: Shown, allowed: set[int]) -> httpx.Response:
        async with answers if row.answers in allowed else refusals:
            return await ask(site, verb, path, login, row, one)

    return await asyncio.gather(*(answer(one, allowed) for one, allowed in shown))


def expected(policy: Policy, path: str, login: Login, row: Row, shown: Shown, address: str | None) -> set[int]:
    """Return the statuses that the plain rules allow."""
    door = door_of(path)
    if row.function == FEED:
        return {404 if shown.feeds else 401}  # nothing of an account opens it; a feed key does for its own server
    grant = shown.modern if door == "v1" else shown.old
    if door == "peanut" and shown.text is None:
        grant = USELESS  # its clients always show a token
    question = Ask(
        login=login,
        function=Function(row.function or ""),
        address=None if address is None else access.address(address),
        origin=shown.origin,
        fresh=row.fresh,
    )
    granted, ground, _ = oracle.expected(grant, policy, question)
    if granted:
        return STOPPED if row.changes else {row.answers}
    return {MODERN[str(ground)] if door == "v1" else REFUSED[door]}


def policies() -> Iterator[tuple[str, Policy]]:
    """Give a policy for each level as its default; over all of them each function has each level once.

    Where the level whose turn it is for a function is the default, the function has no rule of its own.
    """
    here = (access.network(f"{HERE}/24"),)
    rules = {level: Rule(level=level, networks=here if level.by_address else ()) for level in Level}
    stricter = {Level.OPEN: Level.PASSWORD, Level.ADDRESS: Level.BOTH}
    for turn, default in enumerate(Level):
        levels = {each: list(Level)[(place + 2 * turn) % len(Level)] for place, each in enumerate(Function)}
        own = {
            each: rules[stricter.get(level, level) if each.private else level]
            for each, level in levels.items()
            if level is not default
        }
        yield default, Policy(default=rules[default], rules=own)


@pytest.mark.parametrize("places", [1, pytest.param(len(PLACES), marks=pytest.mark.torture)])
@pytest.mark.parametrize("name", dict(policies()))
async def test_every_door_answers_as_the_plain_rules_say(
    site: httpx.AsyncClient, committed: Connection, settings: Settings, name: str, places: int
) -> None:
    """Each is asked from one place after the other; in the long run from all of them."""
    policy = dict(policies())[name]
    login, other = (await filled(committed)).login, (await make.account(committed)).login
    shown = await credentials(committed, login, other, settings)
    if name not in USELESS_UNDER:
        shown = {kind: each for kind, each in shown.items() if not each.useless}
    await access.set_policy(committed, login, policy)

    wrong: list[Any] = []
    first = list(dict(policies())).index(name)
    for place, address in enumerate(PLACES):
        come_from(site, address or "nowhere")
        for turn, ((verb, path), row) in enumerate(ROWS.items(), first):
            if row.function is None or (turn + place) % len(PLACES) >= places:
                continue
            rules = [expected(policy, path, login, row, each, address) for each in shown.values()]
            answers = await all_of(site, verb, path, login, row, zip(shown.values(), rules, strict=True))
            for kind, allowed, answer in zip(shown, rules, answers, strict=True):
                if answer.status_code not in allowed:
                    wrong.append((verb, path, kind, address, answer.status_code, allowed, answer.text[:200]))
    assert wrong == [], "\n".join(map(str, wrong))
