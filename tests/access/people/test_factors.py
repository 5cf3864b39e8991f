"""Authenticator apps and recovery codes: each code once, in its time, for its person; and what asks for a step up."""

from datetime import timedelta

import pyotp
import pytest
from hypothesis import given as drawn
from hypothesis import strategies

from opencabinet.access import people
from opencabinet.access.people import PasswordLeans, ProofRefused, SessionEnded, StepUpNeeded, factors
from opencabinet.access.people.factors import AppCode, FactorMissing, PasswordProof, RecoveryCode, recovery, totp
from opencabinet.access.people.factors.model import NothingToConfirm
from opencabinet.db import Connection
from tests.access.people.authenticator import Authenticator
from tests.access.people.person import (
    HERE,
    PASSWORD,
    SITE,
    Someone,
    age,
    clock,
    code_of,
    fresh,
    signed_in,
    someone,
)

STEP = 30
SHORT = "k7#Vq2!p"


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


async def test_recovery_codes_are_good_once_each(conn: Connection) -> None:
    ann = await signed_in(conn)
    await ann.enrol_app()
    codes = await factors.new_recovery_codes(conn, ann.means, await ann.session(), HERE)
    assert len(set(codes)) == 10

    for code in (codes[0], codes[1].upper().replace("-", " ")):
        await ann.sign_in()
        await ann.complete(RecoveryCode(code))
        await ann.sign_in()
        with pytest.raises(ProofRefused):
            await ann.complete(RecoveryCode(code))
    assert await factors.codes_left(conn, ann.id) == 8
    assert not set(await conn.values("SELECT hash FROM recovery_codes")) & {code.encode() for code in codes}


async def test_new_recovery_codes_end_the_old_ones_and_are_ones_own(conn: Connection) -> None:
    ann, bob = await signed_in(conn), await signed_in(conn, email="bob@example.com")
    await bob.enrol_app()
    await ann.enrol_app()
    [old, *_] = await factors.new_recovery_codes(conn, ann.means, await ann.session(), HERE)
    [new, *_] = await factors.new_recovery_codes(conn, ann.means, await ann.session(), HERE)

    for person, code in ((ann, old), (bob, new)):
        await person.sign_in()
        with pytest.raises(ProofRefused):
            await person.complete(RecoveryCode(code))
    await ann.complete(RecoveryCode(new))


async def test_there_are_no_recovery_codes_without_a_factor(conn: Connection) -> None:
    ann = await signed_in(conn)

    with pytest.raises(FactorMissing):
        await factors.new_recovery_codes(conn, ann.means, await ann.session(), HERE)
    with pytest.raises(ProofRefused):
        await ann.step_up(RecoveryCode(recovery.make()))


@drawn(strategies.text(max_size=40))
def test_a_recovery_code_is_the_same_in_any_dress(noise: str) -> None:
    code = recovery.make()
    dress = "".join(letter for letter in noise if letter.lower() not in recovery.LETTERS)[:30]

    assert recovery.hashed(b"k", f"{dress}{code.upper()}") == recovery.hashed(b"k", code)


async def test_a_step_up_is_good_for_five_minutes(conn: Connection) -> None:
    ann = await signed_in(conn)

    await age(conn, stepped_up=timedelta(minutes=4, seconds=59))
    assert (await ann.session()).stepped_up
    await age(conn, stepped_up=timedelta(seconds=1))

    assert not (await ann.session()).stepped_up
    with pytest.raises(StepUpNeeded):
        await factors.begin_app(conn, ann.means, await ann.session())


async def test_signing_in_is_no_step_up(conn: Connection) -> None:
    ann = await someone(conn)
    await ann.sign_in()
    session = await ann.session()

    for refused in (
        factors.begin_app(conn, ann.means, session),
        factors.confirm_app(conn, ann.means, session, "000000", HERE),
        factors.begin_passkey(conn, ann.means, session, SITE),
        factors.confirm_passkey(conn, ann.means, session, SITE, "{}", "Key", HERE),
        factors.new_recovery_codes(conn, ann.means, session, HERE),
        factors.remove_app(conn, ann.means, session, HERE),
        factors.remove_passkey(conn, ann.means, session, b"", HERE),
    ):
        with pytest.raises(StepUpNeeded):
            await refused


async def test_a_wrong_password_is_no_step_up(conn: Connection) -> None:
    ann = await someone(conn)
    await ann.sign_in()

    with pytest.raises(ProofRefused):
        await ann.step_up(PasswordProof("wrong"))

    assert ann.history.last == ("session.step_up", False)
    assert not (await ann.session()).stepped_up


async def test_the_password_is_no_step_up_where_a_second_factor_is(conn: Connection) -> None:
    ann = await signed_in(conn)
    await ann.enrol_app()

    with pytest.raises(ProofRefused):
        await ann.step_up(PasswordProof(PASSWORD))


async def test_the_last_factor_takes_the_recovery_codes_along(conn: Connection) -> None:
    ann = await signed_in(conn)
    await ann.enrol_app()
    device = Authenticator()
    await ann.enrol_passkey(device)
    await factors.new_recovery_codes(conn, ann.means, await ann.session(), HERE)
    before = ann.token

    ann.token = await factors.remove_app(conn, ann.means, await ann.session(), HERE)
    assert await factors.codes_left(conn, ann.id) == 10
    ann.token = await factors.remove_passkey(conn, ann.means, await ann.session(), device.id, HERE)

    assert await factors.codes_left(conn, ann.id) == 0
    assert await people.who(conn, before) is None
    assert not await ann.sign_in()
    await ann.step_up()
    with pytest.raises(FactorMissing):
        await factors.remove_app(conn, ann.means, await ann.session(), HERE)


async def test_a_short_password_keeps_the_last_factor(conn: Connection) -> None:
    ann = await signed_in(conn)
    await ann.enrol_app()
    ann.token = await people.change_password(conn, ann.means, await ann.session(), old=PASSWORD, new=SHORT, source=HERE)

    with pytest.raises(PasswordLeans):
        await factors.remove_app(conn, ann.means, await ann.session(), HERE)
    assert await ann.sign_in(SHORT)


async def test_the_operator_resets_factors_and_a_password_too_short_to_stand_alone(conn: Connection) -> None:
    ann = await signed_in(conn)
    await ann.enrol_app()
    await ann.enrol_passkey(Authenticator())

    assert not await people.reset_factors(conn, ann.means, ann.id, HERE)
    assert await people.who(conn, ann.token) is None
    assert not await ann.sign_in()
    await ann.step_up()
    await ann.enrol_app()
    await people.set_password(conn, ann.means, ann.id, SHORT, source=HERE)
    assert await people.reset_factors(conn, ann.means, ann.id, HERE)
    with pytest.raises(people.SignInRefused):
        await ann.sign_in(SHORT)
