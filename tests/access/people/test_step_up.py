"""What counts as a step up, and what asks for one: factors that are dropped or reset."""

from datetime import timedelta

import pytest

from opencabinet.access import people
from opencabinet.access.people import PasswordLeans, ProofRefused, StepUpNeeded, factors
from opencabinet.access.people.factors import FactorMissing, PasswordProof
from opencabinet.db import Connection
from tests.access.people.authenticator import Authenticator
from tests.access.people.person import HERE, PASSWORD, SITE, age, signed_in, someone

SHORT = "k7#Vq2!p"


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
