"""Whoever is signed in reads their own accounts, and changes who may read them: judged as every question is."""

from datetime import timedelta
from typing import Any

import pytest

from opencabinet import access
from opencabinet.access import Ask, Decision, Function, Ground, Kind, Level, Policy, Rule, people
from opencabinet.access.people import needs_step_up
from opencabinet.access.people.model import StepUpNeeded
from opencabinet.db import Connection
from opencabinet.kernel.ids import Login
from opencabinet.settings import Settings
from tests import make
from tests.access.people.person import HERE, Someone, age, clock, code_of, fresh, signed_in

OFF = Policy(default=Rule(level=Level.OFF))


async def judged(ann: Someone, login: Login, function: Function = Function.BALANCE, **other: Any) -> Decision:
    """Ask the judge with her session."""
    asked = Ask(login=login, function=function, address=HERE.address, **other)
    return await access.permit(ann.conn, ann.token, asked, Kind.SESSION)


async def owner(conn: Connection) -> tuple[Someone, Login]:
    """Give somebody who is signed in, and their account."""
    ann, account = await signed_in(conn), await make.account(conn)
    await people.link(conn, ann.means, ann.id, account.login, HERE)
    return ann, account.login


@pytest.mark.parametrize("function", Function)
async def test_every_function_of_ones_own_account_is_told_whatever_others_may_read(
    conn: Connection, function: Function
) -> None:
    ann, login = await owner(conn)
    await access.set_policy(conn, login, OFF)

    decision = await judged(ann, login, function)

    assert decision.granted == login
    assert not decision.anybody
    assert decision.redaction.nothing
    assert decision.row == "session"


async def test_no_account_of_anybody_else_is_told(conn: Connection) -> None:
    ann, _ = await owner(conn)
    other = await make.account(conn, login=7_000_999)
    await access.open_account(conn, other.login)

    decision = await judged(ann, other.login)

    assert (decision.granted, decision.ground) == (None, Ground.CREDENTIAL)


async def test_an_account_that_is_theirs_no_longer_is_told_no_longer(conn: Connection) -> None:
    ann, login = await owner(conn)
    await people.unlink(conn, ann.means, ann.id, login, HERE)

    assert (await judged(ann, login)).granted is None


async def test_who_may_read_is_changed_only_just_after_a_proof(conn: Connection) -> None:
    ann, login = await owner(conn)
    assert (await judged(ann, login, Function.ACCESS, fresh=True)).granted == login
    await age(conn, stepped_up=timedelta(minutes=6))

    decision = await judged(ann, login, Function.ACCESS, fresh=True)

    assert (decision.granted, decision.ground) == (None, Ground.PROOF)
    with pytest.raises(StepUpNeeded):
        needs_step_up(await ann.session())


async def test_a_session_that_waits_for_a_second_factor_opens_nothing(conn: Connection) -> None:
    ann, login = await owner(conn)
    app = await ann.enrol_app()
    await fresh(conn, ann.id)
    await ann.sign_in()
    assert (await judged(ann, login)).granted is None

    assert await people.seated(conn, ann.token) is None

    await ann.complete(code_of(app, await clock(conn)))
    assert (await judged(ann, login)).granted == login


@pytest.mark.parametrize("passed", [{"seen": timedelta(minutes=16)}, {"begun": timedelta(hours=13)}])
async def test_a_session_that_ended_opens_nothing(conn: Connection, passed: dict[str, timedelta]) -> None:
    ann, login = await owner(conn)
    await age(conn, **passed)

    assert (await judged(ann, login)).granted is None
    assert await people.seated(conn, ann.token) is None


async def test_a_session_is_shown_as_nothing_else(conn: Connection) -> None:
    ann, login = await owner(conn)
    for kind in set(Kind) - {Kind.SESSION}:
        decision = await access.permit(
            conn, ann.token, Ask(login=login, function=Function.BALANCE, address=HERE.address), kind
        )
        assert decision.granted is None
    assert access.kind_of(ann.token) is not Kind.SESSION


async def test_no_token_of_the_account_passes_for_a_session(conn: Connection, settings: Settings) -> None:
    _, login = await owner(conn)
    token = await make.token(conn, login, settings)

    decision = await access.permit(
        conn, token, Ask(login=login, function=Function.BALANCE, address=HERE.address), Kind.SESSION
    )

    assert decision.granted is None
