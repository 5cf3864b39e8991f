"""Authenticator apps: each code once, in its time, for its person."""

from datetime import timedelta

import pyotp
import pytest

from opencabinet.access import people
from opencabinet.access.people import ProofRefused, SessionEnded, StepUpNeeded, factors
from opencabinet.access.people.factors import AppCode, PasswordProof, totp
from opencabinet.access.people.factors.model import NothingToConfirm
from opencabinet.db import Connection
from tests.access.people.person import HERE, PASSWORD, Someone, age, clock, code_of, fresh, signed_in

STEP = 30


async def with_app(conn: Connection, email: str = "ann@example.com") -> tuple[Someone, pyotp.TOTP]:
    """Add a person with an app, who signed in and is asked for its code."""
    ann = await signed_in(conn, email=email)
    app = await ann.enrol_app()
    assert await ann.sign_in()
    return ann, app


async def test_a_sign_in_waits_for_the_second_factor(conn: Connection) -> None:
    ann, app = await with_app(conn)
    waiting = ann.token
    await fresh(conn, ann.id)
    assert await people.who(conn, waiting) is None

    session = await ann.complete(code_of(app, await clock(conn)))

    assert (session.good, session.level, session.stepped_up) == (True, "second factor", False)
    assert await people.unproved(conn, waiting) is None
    assert await people.who(conn, waiting) is None


async def test_a_session_waits_for_five_minutes(conn: Connection) -> None:
    ann, _ = await with_app(conn)

    await age(conn, begun=timedelta(minutes=4, seconds=59))
    await ann.waiting()
    await age(conn, begun=timedelta(seconds=1))

    assert await people.unproved(conn, ann.token) is None


async def test_a_waiting_session_is_good_for_nothing_else(conn: Connection) -> None:
    ann, _ = await with_app(conn)
    waiting = await ann.waiting()

    with pytest.raises(SessionEnded):
        await factors.step_up(conn, ann.means, waiting, PasswordProof(PASSWORD), HERE)
    with pytest.raises(SessionEnded):
        await people.change_password(conn, ann.means, waiting, old=PASSWORD, new="x" * 20, source=HERE)
    for refused in (
        factors.begin_app(conn, ann.means, waiting),
        factors.new_recovery_codes(conn, ann.means, waiting, HERE),
    ):
        with pytest.raises(StepUpNeeded):
            await refused
    with pytest.raises(ProofRefused):
        await ann.complete(PasswordProof(PASSWORD))


@pytest.mark.parametrize(("steps", "right"), [(-3, False), (-2, False), (-1, True), (0, True), (1, False), (2, False)])
async def test_a_code_is_good_for_its_step_and_the_next(conn: Connection, steps: int, right: bool) -> None:  # noqa: FBT001
    ann, app = await with_app(conn)
    await fresh(conn, ann.id)
    proof = code_of(app, await clock(conn) + steps * STEP)

    if right:
        await ann.complete(proof)
    else:
        with pytest.raises(ProofRefused):
            await ann.complete(proof)
        assert ann.history.last == ("session.prove", False)


async def test_a_code_is_good_once_and_none_before_it(conn: Connection) -> None:
    ann, app = await with_app(conn)
    now = await clock(conn)
    await fresh(conn, ann.id)
    await ann.complete(code_of(app, now))

    for used in (now, now - STEP):
        await ann.sign_in()
        with pytest.raises(ProofRefused):
            await ann.complete(code_of(app, used))


async def test_the_code_that_confirmed_an_app_is_used_up(conn: Connection) -> None:
    ann, app = await with_app(conn)

    with pytest.raises(ProofRefused):
        await ann.complete(code_of(app, await clock(conn)))


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "１２３４５６", "\ud800", "1" * 100_000, "-12345"])
async def test_what_is_no_code_is_refused(conn: Connection, code: str) -> None:
    ann, _ = await with_app(conn)

    with pytest.raises(ProofRefused):
        await ann.complete(AppCode(code))


async def test_a_code_may_be_typed_with_blanks(conn: Connection) -> None:
    ann, app = await with_app(conn)
    await fresh(conn, ann.id)
    code = app.at(await clock(conn))

    assert await ann.complete(AppCode(f" {code[:3]} {code[3:]} "))


async def test_another_persons_code_is_refused(conn: Connection) -> None:
    ann, _ = await with_app(conn)
    bob, bobs = await with_app(conn, email="bob@example.com")
    await fresh(conn, bob.id)
    await fresh(conn, ann.id)

    with pytest.raises(ProofRefused):
        await ann.complete(code_of(bobs, await clock(conn)))


async def test_a_secret_given_to_another_person_in_the_database_opens_nothing(conn: Connection) -> None:
    ann, _ = await with_app(conn)
    bob, bobs = await with_app(conn, email="bob@example.com")
    await conn.run(
        "UPDATE totp_secrets SET last_step = 0, secret = (SELECT secret FROM totp_secrets WHERE person = %(b)s)",
        b=bob.id,
    )

    with pytest.raises(ProofRefused):
        await ann.complete(code_of(bobs, await clock(conn)))
    await bob.complete(code_of(bobs, await clock(conn)))


async def test_no_secret_is_kept_as_it_is(conn: Connection) -> None:
    ann = await signed_in(conn)
    enrolment = await factors.begin_app(conn, ann.means, await ann.session())
    secret = pyotp.TOTP(enrolment.secret).byte_secret()

    [kept] = await conn.values("SELECT pending FROM totp_secrets")

    assert secret not in kept
    assert totp.opened(ann.means.keys.factors, ann.id, kept) == secret
    assert totp.opened(ann.means.keys.factors, ann.id + 1, kept) is None
    assert totp.opened(b"k" * 32, ann.id, kept) is None
    assert totp.opened(ann.means.keys.factors, ann.id, b"") is None
    assert enrolment.secret not in repr(enrolment)
    assert enrolment.address.startswith("otpauth://totp/OpenCabinet:ann%40example.com?secret=")


async def test_an_app_counts_only_when_its_code_was_shown(conn: Connection) -> None:
    ann = await signed_in(conn)
    await factors.begin_app(conn, ann.means, await ann.session())
    with pytest.raises(ProofRefused):
        await factors.confirm_app(conn, ann.means, await ann.session(), "000000", HERE)

    assert not await ann.sign_in()
    await ann.step_up()
    await conn.run("DELETE FROM totp_secrets")
    with pytest.raises(NothingToConfirm):
        await factors.confirm_app(conn, ann.means, await ann.session(), "000000", HERE)


async def test_a_new_app_takes_the_place_of_the_old_when_it_is_confirmed(conn: Connection) -> None:
    ann, old = await with_app(conn)
    now = await clock(conn)
    await fresh(conn, ann.id)
    await ann.complete(code_of(old, now))
    await fresh(conn, ann.id)
    await ann.step_up(code_of(old, now))
    await factors.begin_app(conn, ann.means, await ann.session())
    await fresh(conn, ann.id)
    await ann.step_up(code_of(old, now))  # the old one is still good

    new = await ann.enrol_app()
    await fresh(conn, ann.id)

    with pytest.raises(ProofRefused):
        await ann.step_up(code_of(old, now))
    await ann.step_up(code_of(new, now))
