"""Who is known, whose accounts are whose, and how passwords are set."""

import pytest

from opencabinet import access
from opencabinet.access import people, secrets
from opencabinet.access.fitness import PasswordCommon, PasswordPlain, PasswordTooShort, UnfitPassword
from opencabinet.access.people import (
    BadEmail,
    CodeRefused,
    EmailTaken,
    OtherOwner,
    PasswordUsedElsewhere,
    ProofRefused,
    SignInRefused,
    factors,
)
from opencabinet.access.people.factors import RecoveryCode
from opencabinet.access.people.jobs import forget_ended_sessions
from opencabinet.access.people.model import BadName, NoSuchPerson
from opencabinet.db import Connection
from tests import make
from tests.access.people.authenticator import Authenticator
from tests.access.people.person import EMAIL, HERE, KEYS, OTHER, PASSWORD, given, signed_in, someone


async def test_somebody_new_cannot_sign_in_before_a_password_is_set(conn: Connection) -> None:
    means = given()
    person = await people.add(conn, means, email=" Ann@Example.COM", name=" Ann ", source=HERE)

    found = await people.existing(conn, EMAIL)
    assert (found.id, found.email, found.name, found.has_password, found.has_factor) == (
        person,
        EMAIL,
        "Ann",
        False,
        False,
    )
    with pytest.raises(SignInRefused):
        await people.sign_in(conn, means, email=EMAIL, password="", source=HERE)


@pytest.mark.parametrize("email", [EMAIL, "ANN@EXAMPLE.COM", " ann@example.com "])
async def test_an_address_is_one_persons(conn: Connection, email: str) -> None:
    await someone(conn)

    with pytest.raises(EmailTaken):
        await people.add(conn, given(), email=email, name="", source=HERE)


@pytest.mark.parametrize(
    "email", ["", "ann", "@b", "a@", "a b@c", "a\n@b", "a\0@b", "\ud800@b", "x" * 250 + "@b.de", "\u202ea@b"]
)
async def test_what_is_no_address_is_refused(conn: Connection, email: str) -> None:
    with pytest.raises(BadEmail):
        await people.add(conn, given(), email=email, name="", source=HERE)


@pytest.mark.parametrize("name", ["x" * 129, "a\nb", "\0"])
async def test_what_is_no_name_is_refused(conn: Connection, name: str) -> None:
    with pytest.raises(BadName):
        await people.add(conn, given(), email=EMAIL, name=name, source=HERE)


async def test_an_account_is_one_persons(conn: Connection) -> None:
    ann, bob = await someone(conn), await someone(conn, email="bob@example.com")
    mine, theirs = (await make.account(conn)).login, (await make.account(conn)).login

    for login, person in ((mine, ann), (mine, ann), (theirs, bob)):
        await people.link(conn, person.means, person.id, login, HERE)

    with pytest.raises(OtherOwner, match=str(mine)):
        await people.link(conn, bob.means, bob.id, mine, HERE)
    assert await people.logins(conn, ann.id) == [mine]
    assert not await people.unlink(conn, bob.means, bob.id, mine, HERE)
    assert await people.unlink(conn, ann.means, ann.id, mine, HERE)
    assert await people.owner(conn, mine) is None
    assert await people.owner(conn, theirs) == bob.id


async def test_a_code_sets_the_password_once_and_ends_sessions(conn: Connection) -> None:
    ann = await signed_in(conn)
    first = await people.password_code(conn, ann.means, ann.id, HERE)
    code = await people.password_code(conn, ann.means, ann.id, HERE)
    with pytest.raises(CodeRefused):
        await people.set_password_by_code(conn, ann.means, first, OTHER, source=HERE)
    with pytest.raises(UnfitPassword):
        await people.set_password_by_code(conn, ann.means, code, "short", source=HERE)

    await people.set_password_by_code(conn, ann.means, code.upper(), OTHER, source=HERE)

    assert await people.who(conn, ann.token) is None
    await ann.sign_in(OTHER)
    with pytest.raises(CodeRefused):
        await people.set_password_by_code(conn, ann.means, code, PASSWORD, source=HERE)
    assert ann.history.last == ("password.set", False)


async def test_a_code_is_good_for_a_day_and_until_a_password_is_set_otherwise(conn: Connection) -> None:
    ann = await someone(conn)
    old = await people.password_code(conn, ann.means, ann.id, HERE)
    await people.set_password(conn, ann.means, ann.id, OTHER, source=HERE)
    with pytest.raises(CodeRefused):
        await people.set_password_by_code(conn, ann.means, old, PASSWORD, source=HERE)

    late = await people.password_code(conn, ann.means, ann.id, HERE)
    assert str(await conn.value("SELECT expires_at - now() FROM password_codes")) == "1 day, 0:00:00"
    await conn.run("UPDATE password_codes SET expires_at = now()")
    with pytest.raises(CodeRefused):
        await people.set_password_by_code(conn, ann.means, late, PASSWORD, source=HERE)


async def test_a_code_leaves_the_second_factor_in_place(conn: Connection) -> None:
    ann = await signed_in(conn)
    await ann.enrol_app()
    code = await people.password_code(conn, ann.means, ann.id, HERE)

    await people.set_password_by_code(conn, ann.means, code, OTHER, source=HERE)

    assert await ann.sign_in(OTHER)


async def test_the_old_password_is_needed_for_a_new_one(conn: Connection) -> None:
    ann = await signed_in(conn)

    with pytest.raises(ProofRefused):
        await people.change_password(conn, ann.means, await ann.session(), old="wrong", new=OTHER, source=HERE)

    assert ann.history.last == ("password.set", False)
    await ann.sign_in(PASSWORD)


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("k7#Vq2!pZm$9w", PasswordTooShort),
        ("qwertyuiopasdfgh", PasswordCommon),
        ("zaqwsxcdezaqwsxcde", PasswordPlain),
        ("ann.example.1990", PasswordPlain),
        ("Example Markets 24", PasswordPlain),
    ],
)
async def test_a_password_is_judged_by_what_is_known_of_the_person(
    conn: Connection, password: str, problem: type[UnfitPassword]
) -> None:
    ann = await signed_in(conn)
    await people.link(conn, ann.means, ann.id, (await make.account(conn)).login, HERE)

    with pytest.raises(problem):
        await people.change_password(conn, ann.means, await ann.session(), old=PASSWORD, new=password, source=HERE)


async def test_a_password_is_none_of_the_accounts_passwords(conn: Connection) -> None:
    ann = await signed_in(conn)
    generated, chosen = [(await make.account(conn)).login for _ in range(2)]
    made = await access.set_password(conn, generated, pepper=KEYS.pepper)
    await access.choose_password(conn, chosen, OTHER, hasher=ann.means.hasher)
    for password, login in ((made, generated), (OTHER, chosen)):
        assert not await people.is_api_password(conn, ann.means, ann.id, password)
        await people.link(conn, ann.means, ann.id, login, HERE)
        assert await people.is_api_password(conn, ann.means, ann.id, password)
    code = await people.password_code(conn, ann.means, ann.id, HERE)

    for taken in (OTHER, made, secrets.make_password()):
        with pytest.raises(PasswordUsedElsewhere):
            await people.set_password(conn, ann.means, ann.id, taken, source=HERE)
        with pytest.raises(PasswordUsedElsewhere):
            await people.set_password_by_code(conn, ann.means, code, taken, source=HERE)
        with pytest.raises(PasswordUsedElsewhere):
            await people.change_password(conn, ann.means, await ann.session(), old=PASSWORD, new=taken, source=HERE)
    await people.set_password(conn, ann.means, ann.id, f"{OTHER}.", source=HERE)


async def test_only_so_many_chosen_passwords_are_compared(conn: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("opencabinet.access.people.actions.MOST_COMPARED", 1)
    ann = await someone(conn)
    for password in (OTHER, "three barges upstream"):
        login = (await make.account(conn)).login
        await people.link(conn, ann.means, ann.id, login, HERE)
        await access.choose_password(conn, login, password, hasher=ann.means.hasher)

    assert await people.is_api_password(conn, ann.means, ann.id, OTHER)
    assert not await people.is_api_password(conn, ann.means, ann.id, "three barges upstream")


async def test_an_accounts_password_can_be_told_from_its_owners(conn: Connection) -> None:
    ann = await someone(conn)
    mine, nobodys = (await make.account(conn)).login, (await make.account(conn)).login
    await people.link(conn, ann.means, ann.id, mine, HERE)

    assert await people.is_owners_password(conn, ann.means.hasher, mine, PASSWORD)
    assert not await people.is_owners_password(conn, ann.means.hasher, mine, OTHER)
    assert not await people.is_owners_password(conn, ann.means.hasher, nobodys, PASSWORD)


async def test_there_is_nothing_to_set_for_nobody(conn: Connection) -> None:
    with pytest.raises(NoSuchPerson):
        await people.set_password(conn, given(), 42, PASSWORD, source=HERE)
    with pytest.raises(NoSuchPerson):
        await people.existing(conn, "nobody@example.com")


async def test_the_serving_role_may_do_all_that_a_person_does(conn: Connection) -> None:
    ann = await someone(conn)
    code = await people.password_code(conn, ann.means, ann.id, HERE)
    await conn.run("SET LOCAL ROLE opencabinet_serve")

    await people.set_password_by_code(conn, ann.means, code, PASSWORD, source=HERE)
    await ann.sign_in()
    await ann.step_up()
    await ann.enrol_app()
    device = Authenticator()
    session = await ann.enrol_passkey(device)
    codes = await factors.new_recovery_codes(conn, ann.means, session, HERE)
    await ann.sign_in()
    await ann.complete(RecoveryCode(codes[0]))
    session = await ann.step_up(await ann.answered(await ann.session(), device))
    ann.token = await factors.remove_app(conn, ann.means, session, HERE)
    session = await ann.session()
    ann.token = await people.change_password(conn, ann.means, session, old=PASSWORD, new=OTHER, source=HERE)
    assert await people.places(conn, ann.id)
    await people.sign_out(conn, ann.means, await ann.session(), HERE)
    await forget_ended_sessions(conn)

    assert await people.places(conn, ann.id) == []
