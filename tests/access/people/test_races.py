"""What happens at once: a code shown twice, a password changed while somebody signs in."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest

from opencabinet.access import people
from opencabinet.access.people import ProofRefused, SessionEnded, SignInRefused, factors
from opencabinet.access.people.factors import PasskeyAnswer, Proof, RecoveryCode
from opencabinet.access.people.sessions import Session
from opencabinet.access.people.sessions.model import MOST_UNPROVED
from opencabinet.db import Connection
from tests.access.people.authenticator import Authenticator
from tests.access.people.person import HERE, OTHER, PASSWORD, SITE, Someone, clock, code_of, fresh, signed_in

AT_ONCE = MOST_UNPROVED


@pytest.fixture
async def others(database: str, committed: Connection) -> AsyncIterator[list[Connection]]:
    """Give connections that work at the same time."""
    del committed  # only its emptying is needed
    async with AsyncExitStack() as opened:
        yield [await opened.enter_async_context(await Connection.open(database)) for _ in range(AT_ONCE)]


async def app_code(ann: Someone) -> Proof:
    app = await ann.enrol_app()
    await fresh(ann.conn, ann.id)
    return code_of(app, await clock(ann.conn))


async def recovery_code(ann: Someone) -> Proof:
    await ann.enrol_app()
    return RecoveryCode((await factors.new_recovery_codes(ann.conn, ann.means, await ann.session(), HERE))[0])


@pytest.mark.parametrize("proof_of", [app_code, recovery_code])
async def test_a_code_shown_at_once_in_several_sessions_is_good_in_one(
    committed: Connection, others: list[Connection], proof_of: Callable[[Someone], Awaitable[Proof]]
) -> None:
    ann = await signed_in(committed)
    proof = await proof_of(ann)
    waiting = []
    for _ in others:
        await ann.sign_in()
        waiting.append(await ann.waiting())

    ended = await asyncio.gather(
        *(
            factors.complete(conn, ann.means, session, proof, HERE)
            for conn, session in zip(others, waiting, strict=True)
        ),
        return_exceptions=True,
    )

    assert sorted(type(each).__name__ for each in ended) == ["ProofRefused"] * (AT_ONCE - 1) + ["str"]


async def test_an_answer_shown_at_once_in_one_session_is_good_once(
    committed: Connection, others: list[Connection]
) -> None:
    ann, device = await signed_in(committed), Authenticator(counts=False)
    session: Session = await ann.enrol_passkey(device)
    proof = PasskeyAnswer(SITE, (await ann.answered(session, device)).answer)

    ended = await asyncio.gather(
        *(factors.step_up(conn, ann.means, session, proof, HERE) for conn in others), return_exceptions=True
    )

    assert [type(each) for each in ended].count(str) == 1
    assert all(isinstance(each, str | ProofRefused | SessionEnded) for each in ended)


async def test_no_session_outlives_its_password(committed: Connection, others: list[Connection]) -> None:
    ann = await signed_in(committed)
    session = await ann.session()

    async def signs_in(conn: Connection) -> str:
        email = ann.email
        return (await people.sign_in(conn, ann.means, email=email, password=PASSWORD, source=HERE)).token

    change = people.change_password(committed, ann.means, session, old=PASSWORD, new=OTHER, source=HERE)
    mine, *tokens = await asyncio.gather(change, *map(signs_in, others), return_exceptions=True)

    assert isinstance(mine, str)
    assert await people.who(committed, mine)
    for token in tokens:
        assert isinstance(token, SignInRefused) or await people.who(committed, str(token)) is None
