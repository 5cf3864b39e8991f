"""Where a process cannot hear of changes any more, every read goes to the database within two seconds."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from itertools import product
from typing import Any

import pytest

from opencabinet import access
from opencabinet.access import Family, Lifetimes, keyfile
from opencabinet.db import Connection
from opencabinet.kernel.ids import Login
from opencabinet.settings import Settings
from tests import make
from tests.clients.serving import Server
from tests.coherence.cutting import Cutting, Line
from tests.coherence.probing import all_of, ask, held
from tests.coherence.questions import DOORS, FUNCTIONS, Question, reading
from tests.coherence.rights import HOME
from tests.coherence.timeline import ELSEWHERE_SECONDS, now
from tests.coherence.wire import Answered, Wire
from tests.coherence.world import SILENT_SECONDS
from tests.coherence.writers import HOUR, SPEND, figure

BACK_SECONDS = 10.0
ENDED = """
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
 WHERE query ~ 'LISTEN|_beats' AND pid <> pg_backend_pid()
"""
BROKEN = pytest.mark.parametrize("line", [Line.CUT, Line.DEAF, Line.DEAD], ids=lambda each: each.name.lower())


@pytest.fixture
async def questions(committed: Connection, settings: Settings) -> list[Question]:
    """All that can be asked of an account that is open, and of one by its tokens."""
    public, own = [(await make.account(committed)).login for _ in range(2)]
    await access.open_account(committed, public)
    pepper = keyfile.load(settings.folder).pepper
    shown: dict[str, Any] = {"login": own, "pepper": pepper, "password": await make.password(committed, own, settings)}
    bearer = (await access.begin(committed, family=Family.CLIENT, lifetimes=Lifetimes(), **shown)).bearer
    passkey = await access.issue(committed, family=Family.CLIENT, lifetime=HOUR, **shown)
    for login in (public, own):
        await make.open_trade(committed, login)
        await make.closed_trade(committed, login)
    secrets = {"v1": bearer, "legacy": passkey}
    ways = list(product(DOORS, FUNCTIONS))
    return [Question(public, door, function, HOME) for door, function in ways] + [
        Question(own, door, function, HOME, secrets[door]) for door, function in ways
    ]


@pytest.fixture
async def first(pair: Mapping[str, Server], lines: Mapping[str, Cutting]) -> AsyncIterator[int]:
    """The port of a server whose line is mended afterwards."""
    yield pair["first"].port
    lines["first"].set(Line.PASSES)


async def holding(conn: Connection, port: int, questions: list[Question]) -> None:
    """Ask until all is answered without the database."""
    until = now() + BACK_SECONDS
    while True:
        assert {each.status for each in await all_of(port, questions)} == {200}
        if len(missing := await held(conn, port, questions)) == len(questions):
            return
        assert now() < until, [each for each in questions if each not in missing]


async def test_what_was_asked_before_is_answered_without_the_database(
    first: int, committed: Connection, questions: list[Question]
) -> None:
    await holding(committed, first, questions)


async def test_a_change_is_heard_long_before_the_second_is_over(
    first: int, committed: Connection, questions: list[Question]
) -> None:
    took = []
    question = next(each for each in questions if (each.door, each.function) == ("v1", "closed_trades"))
    await holding(committed, first, [question])
    for _ in range(20):
        before = reading(question, await ask(first, question))
        await make.closed_trade(committed, Login(question.login))
        began = now()
        while reading(question, await ask(first, question)) == before:
            assert now() - began < ELSEWHERE_SECONDS
        took.append(now() - began)
    assert sorted(took)[len(took) // 2] < ELSEWHERE_SECONDS / 4, took


async def test_what_a_process_changed_counts_for_its_next_request_however_late_it_is_heard(
    first: int, lines: Mapping[str, Cutting], committed: Connection, questions: list[Question]
) -> None:
    own = [each for each in questions if each.secret]
    await holding(committed, first, own)
    lines["first"].set(Line.LATE)
    bearer = next(each for each in own if each.door == "v1")
    assert {each.status for each in await all_of(first, own)} == {200}

    async with contextlib.aclosing(Wire(first)) as wire:
        revoked = await wire.ask("DELETE", f"/v1/accounts/{bearer.login}/tokens", bearer.headers)
    answers = await all_of(first, own)

    assert revoked.status == 200
    assert {each.status for each in answers} <= {401, 403}


@BROKEN
async def test_without_it_nothing_held_is_told_after_two_seconds(
    first: int, lines: Mapping[str, Cutting], committed: Connection, questions: list[Question], line: Line
) -> None:
    await holding(committed, first, questions)
    assert lines["first"].listened
    lines["first"].set(line)
    broken = now()

    while now() < broken + SILENT_SECONDS:
        await all_of(first, questions)

    assert await held(committed, first, questions) == []


@BROKEN
async def test_without_it_rights_end_within_a_second_and_data_are_always_new_after_two(
    first: int, lines: Mapping[str, Cutting], committed: Connection, questions: list[Question], line: Line
) -> None:
    public = [each for each in questions if each.secret is None]
    await holding(committed, first, public)
    lines["first"].set(line)
    broken = now()
    await access.close_account(committed, Login(public[0].login))
    await asyncio.sleep(ELSEWHERE_SECONDS)

    assert {each.status for each in await all_of(first, public)} == {401, 403}

    await access.open_account(committed, Login(public[0].login))
    while now() < broken + SILENT_SECONDS:
        await all_of(first, public)
    balance = next(each for each in public if each.function == "balance")
    for _ in range(20):
        told = figure()
        await committed.run(SPEND, balance=told, login=balance.login)
        assert reading(balance, await ask(first, balance)).seen == told


@BROKEN
async def test_once_it_is_back_answers_are_held_again_and_are_right(
    first: int, lines: Mapping[str, Cutting], committed: Connection, questions: list[Question], line: Line
) -> None:
    """What was held before is gone: some of it changed meanwhile, and nobody was told of it."""
    await holding(committed, first, questions)
    lines["first"].set(line)
    await asyncio.sleep(SILENT_SECONDS)
    listed = next(each for each in questions if each.function == "closed_trades")
    before = reading(listed, await ask(first, listed))
    await make.closed_trade(committed, Login(listed.login))
    lines["first"].set(Line.PASSES)

    await holding(committed, first, questions)
    await asyncio.sleep(ELSEWHERE_SECONDS)  # what was held up arrives in its order, but not at once

    assert reading(listed, await ask(first, listed)) != before
    await make.closed_trade(committed, Login(listed.login))
    await asyncio.sleep(ELSEWHERE_SECONDS)
    assert len(tickets(listed, await ask(first, listed))) == 3


async def test_what_changes_while_its_connections_are_ended_again_and_again_is_told_in_time(
    first: int, committed: Connection, questions: list[Question]
) -> None:
    """Each time, something changes in the gap: whoever listens again has missed it."""
    listed = next(each for each in questions if each.function == "closed_trades")
    for rows in range(2, 12):
        await holding(committed, first, [listed])
        await committed.execute(ENDED)
        await make.closed_trade(committed, Login(listed.login))
        changed = now()
        while len(tickets(listed, await ask(first, listed))) < rows:
            assert now() < changed + ELSEWHERE_SECONDS


def tickets(question: Question, answer: Answered) -> frozenset[int]:
    """Return the trades in an answer."""
    seen = reading(question, answer).seen
    assert isinstance(seen, frozenset)
    return seen
