"""Seeing from outside whether an answer comes from the database: tables that are locked hold it up."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Final

from opencabinet.db import Connection
from tests.coherence.questions import Question
from tests.coherence.wire import Answered, Wire

IN_TIME_SECONDS: Final = 0.5
LOCK: Final = "LOCK TABLE access_rules, accounts, open_trades, closed_trades, tokens IN ACCESS EXCLUSIVE MODE"


@asynccontextmanager
async def locked(conn: Connection) -> AsyncIterator[None]:
    """Let nobody read what answers are made of."""
    async with conn.transaction(force_rollback=True):
        await conn.execute(LOCK)
        yield


async def ask(port: int, question: Question) -> Answered:
    """Ask on a connection of its own."""
    wire = Wire(port)
    try:
        return await wire.get(question.path, question.headers)
    finally:
        await wire.aclose()


async def all_of(port: int, questions: Iterable[Question]) -> list[Answered]:
    """Ask for all."""
    return await asyncio.gather(*(ask(port, each) for each in questions))


async def in_time(port: int, question: Question) -> bool:
    """Whether an answer comes before it is missed."""
    try:
        async with asyncio.timeout(IN_TIME_SECONDS):
            answer = await ask(port, question)
    except TimeoutError:
        return False
    return answer.status == 200


async def held(conn: Connection, port: int, questions: Iterable[Question]) -> list[Question]:
    """Return the questions that are answered without the database."""
    asked = list(questions)
    async with locked(conn):
        answered = await asyncio.gather(*(in_time(port, each) for each in asked))
    return [each for each, came in zip(asked, answered, strict=True) if came]
