"""How long a session lives, where it ends, and that a new token comes with every change of privilege."""

from datetime import timedelta

import pytest

from opencabinet.access import people
from opencabinet.access.people import SessionEnded
from opencabinet.access.people.factors import PasswordProof, step_up
from opencabinet.access.people.jobs import forget_ended_sessions
from opencabinet.access.people.sessions.model import MOST, MOST_UNPROVED, make_token
from opencabinet.access.people.sessions.store import end_all
from opencabinet.access.secrets import checked
from opencabinet.db import Connection
from tests.access.people.authenticator import Authenticator
from tests.access.people.person import HERE, OTHER, PASSWORD, Someone, age, signed_in, someone

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


async def lives(ann: Someone, token: str | None = None) -> bool:
    """Whether a session is good."""
    return await people.who(ann.conn, token or ann.token) is not None


def test_a_token_has_a_form_that_scanners_know() -> None:
    tokens = {make_token() for _ in range(100)}

    assert len(tokens) == 100
    assert {(token[:4], len(token)) for token in tokens} == {("ccw_", 53)}


@pytest.mark.parametrize(
    "token",
    ["", "ccw_", "x" * 53, "ccw_" + "0" * 49, checked("ccw_" + "0" * 43), "ccw_" + "é" * 49, "\ud800", "x" * 100_000],
)
async def test_what_is_no_token_is_nobodys(conn: Connection, token: str) -> None:
    await signed_in(conn)

    assert await people.who(conn, token) is None
    assert await people.unproved(conn, token) is None


async def test_a_session_ends_after_a_quarter_of_an_hour_of_silence(conn: Connection) -> None:
    ann = await signed_in(conn)

    await age(conn, seen=14 * MINUTE)
    assert await lives(ann)
    await age(conn, seen=14 * MINUTE)
    assert await lives(ann)
    await age(conn, seen=15 * MINUTE)
    assert not await lives(ann)


async def test_being_used_is_noted_once_a_minute_at_most(conn: Connection) -> None:
    ann = await signed_in(conn)
    seen = "SELECT now() - seen_at FROM sessions"

    await age(conn, seen=timedelta(seconds=59))
    await ann.session()
    assert await conn.value(seen) == timedelta(seconds=59)
    await age(conn, seen=timedelta(seconds=2))
    await ann.session()
    assert await conn.value(seen) == timedelta()


async def test_a_session_ends_after_half_a_day_however_busy(conn: Connection) -> None:
    ann = await signed_in(conn)

    await age(conn, begun=12 * HOUR - MINUTE)
    assert await lives(ann)
    await ann.step_up()
    await age(conn, begun=MINUTE)
    assert not await lives(ann)


async def test_a_token_known_before_a_change_of_privilege_is_worth_nothing_after_it(conn: Connection) -> None:
    ann = await someone(conn)
    tokens = []
    await ann.sign_in()
    tokens.append(ann.token)
    await ann.step_up()
    tokens.append(ann.token)
    app = await ann.enrol_app()
    tokens.append(ann.token)
    ann.token = await people.change_password(conn, ann.means, await ann.session(), old=PASSWORD, new=OTHER, source=HERE)
    tokens.append(ann.token)

    assert app
    assert len(set(tokens)) == 4
    assert [await lives(ann, token) for token in tokens] == [False, False, False, True]
    assert len(await people.places(conn, ann.id)) == 1


async def test_of_two_changes_at_once_one_finds_the_session_changed(conn: Connection) -> None:
    ann = await signed_in(conn)
    session = await ann.session()
    await step_up(conn, ann.means, session, PasswordProof(PASSWORD), HERE)

    with pytest.raises(SessionEnded):
        await step_up(conn, ann.means, session, PasswordProof(PASSWORD), HERE)


async def test_a_new_password_ends_all_other_sessions(conn: Connection) -> None:
    ann = await signed_in(conn)
    other = ann.token
    await ann.sign_in()

    ann.token = await people.change_password(conn, ann.means, await ann.session(), old=PASSWORD, new=OTHER, source=HERE)

    assert not await lives(ann, other)
    assert await lives(ann)
    with pytest.raises(people.SignInRefused):
        await ann.sign_in(PASSWORD)
    await ann.sign_in(OTHER)


async def test_a_password_that_the_operator_sets_ends_every_session(conn: Connection) -> None:
    ann = await signed_in(conn)

    await people.set_password(conn, ann.means, ann.id, OTHER, source=HERE)

    assert not await lives(ann)


async def test_sessions_are_listed_and_ended_one_by_one(conn: Connection) -> None:
    ann, bob = await signed_in(conn), await signed_in(conn, email="bob@example.com")
    first = ann.token
    await ann.sign_in()
    session = await ann.session()

    newest, oldest = await people.places(conn, ann.id, session.id)

    assert (newest.current, oldest.current) == (True, False)
    assert (newest.address, newest.user_agent, newest.level) == (HERE.address, "Browser", "password")
    assert not await people.end_session(conn, ann.means, session, (await bob.session()).id, HERE)
    assert await people.end_session(conn, ann.means, session, oldest.id, HERE)
    assert [await lives(ann, first), await lives(ann), await lives(bob)] == [False, True, True]


async def test_signing_out_ends_the_session_itself(conn: Connection) -> None:
    ann = await signed_in(conn)
    session = await ann.session()

    await people.sign_out(conn, ann.means, session, HERE)
    await people.sign_out(conn, ann.means, session, HERE)

    assert not await lives(ann)
    assert [each.action for each in ann.history.told].count("session.end") == 1


async def test_all_sessions_are_ended_at_once_but_ones_own(conn: Connection) -> None:
    ann = await signed_in(conn)
    for _ in range(3):
        await ann.sign_in()
    session = await ann.session()

    assert await people.end_sessions(conn, ann.means, ann.id, HERE, besides=session) == 3
    assert await lives(ann)
    assert await people.end_sessions(conn, ann.means, ann.id, HERE) == 1
    assert not await lives(ann)


async def test_the_oldest_session_ends_when_there_are_too_many(conn: Connection) -> None:
    ann = await signed_in(conn)
    first = ann.token

    for _ in range(MOST - 1):
        await ann.sign_in()
    assert await lives(ann, first)
    await ann.sign_in()

    assert not await lives(ann, first)
    assert len(await people.places(conn, ann.id)) == MOST


async def test_who_knows_the_password_alone_ends_no_session_that_showed_a_second_factor(conn: Connection) -> None:
    ann = await signed_in(conn)
    await ann.step_up()
    await ann.enrol_app()
    mine = ann.token

    for _ in range(MOST + 5):
        assert await ann.sign_in()

    assert await lives(ann, mine)
    assert len(await people.places(conn, ann.id)) == 1 + MOST_UNPROVED


async def test_a_session_without_the_second_factor_that_somebody_got_is_good_no_longer(conn: Connection) -> None:
    ann = await signed_in(conn)
    other = ann.token
    await age(conn, begun=6 * MINUTE)
    await ann.sign_in()
    await ann.step_up()

    await ann.enrol_passkey(Authenticator())

    assert await lives(ann)
    assert not await lives(ann, other)
    assert await people.unproved(conn, other) is None  # it is too old to wait for one
    assert len(await people.places(conn, ann.id)) == 1


async def test_ended_sessions_and_codes_are_forgotten(conn: Connection) -> None:
    ann = await signed_in(conn)
    await people.password_code(conn, ann.means, ann.id, HERE)
    await conn.run("UPDATE password_codes SET expires_at = now() - interval '1 second'")
    await age(conn, seen=16 * MINUTE)
    await ann.sign_in()

    assert await forget_ended_sessions(conn) == 2
    assert await lives(ann)
    assert await end_all(conn, ann.id) == 1
