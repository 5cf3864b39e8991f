"""What operators do to people and their accounts, and to one another."""

import httpx

from opencabinet.access import people
from opencabinet.access.operators import Role
from opencabinet.db import Connection
from opencabinet.settings import Settings
from tests.access.people.person import HERE, OTHER
from tests.doors.cabinet.browser import Browser
from tests.doors.cabinet.operator.test_roles import AREA
from tests.doors.cabinet.operator.working import WHO, World, operator, told


async def test_a_person_is_added_and_sets_a_password_with_the_code_that_is_shown(
    admin: Browser, here: World, committed: Connection
) -> None:
    other = (await committed.values("SELECT login FROM accounts ORDER BY login"))[-1]
    await admin.open(f"{AREA}/people")
    answer = await admin.send(f"{AREA}/people", email="Ben@example.com", name="Ben", accounts=str(other))

    assert answer.status_code == 200, admin.text()
    code = admin.text(".desk-code code")
    await people.set_password_by_code(committed, here.ann.means, code, OTHER, source=HERE)
    ben = await people.existing(committed, "ben@example.com")
    assert await people.logins(committed, ben.id) == [other]
    for action in ("person.add", "person.link", "password.code"):
        assert all(row.endswith(WHO) for row in await told(committed, action) if "operator" in row)
        assert any(row.endswith(WHO) for row in await told(committed, action)), action
    shown = await admin.open(f"{AREA}/people/{ben.id}")
    assert code not in shown.text


async def test_nobody_is_added_whose_account_is_not_there_and_what_was_typed_stays(
    admin: Browser, committed: Connection
) -> None:
    await admin.open(f"{AREA}/people")
    answer = await admin.send(f"{AREA}/people", email="ben@example.com", name="Ben", accounts="42")

    assert answer.status_code == 404
    assert (admin.value("#email"), admin.value("#name"), admin.value("#accounts")) == ("ben@example.com", "Ben", "42")
    assert await committed.value("SELECT count(*) FROM people WHERE email = 'ben@example.com'") == 0


async def test_an_account_is_given_and_taken_and_sessions_end(
    admin: Browser, here: World, committed: Connection
) -> None:
    page, login = f"{AREA}/people/{here.ann.id}", here.programme.client
    await here.ann.sign_in()
    await admin.open(page)

    await admin.send(f"{page}/link", login=str(login))
    assert str(login) in admin.text(".desk-rows")
    await admin.send(f"{page}/unlink", login=str(login))
    assert str(login) not in admin.text(".desk-rows")
    await admin.send(f"{page}/end-sessions")

    assert await people.who(committed, here.ann.token) is None
    for action in ("person.link", "person.unlink", "session.end"):
        assert [row for row in await told(committed, action) if row.endswith(WHO)], action


async def test_factors_are_reset_and_a_code_is_shown(admin: Browser, here: World, committed: Connection) -> None:
    await here.ann.sign_in()
    await here.ann.step_up()
    await here.ann.enrol_app()
    page = f"{AREA}/people/{here.ann.id}"

    await admin.open(page)
    await admin.send(f"{page}/reset-factors")
    await admin.send(f"{page}/code")

    assert admin.text(".desk-code code")
    assert not (await people.existing(committed, here.ann.email)).has_factor
    [row] = {row.partition(" ")[2] for row in await told(committed, "factor.reset")}
    assert row.endswith(WHO)


async def test_support_does_nothing_to_operators_or_for_themselves(
    committed: Connection, settings: Settings, site: httpx.AsyncClient, here: World
) -> None:
    await operator(committed, settings, site, Role.ADMINISTRATOR, email="root@example.com")
    root = await people.existing(committed, "root@example.com")
    browser = await operator(committed, settings, site, Role.SUPPORT)
    olga = await people.existing(committed, "olga@example.com")

    await browser.open(f"{AREA}/people/{root.id}")
    for what in ("code", "reset-factors", "end-sessions"):
        assert (await browser.send(f"{AREA}/people/{root.id}/{what}")).status_code == 403, what
    await browser.open(f"{AREA}/people/{olga.id}")
    answer = await browser.send(f"{AREA}/people/{olga.id}/link", login=str(here.programme.client))
    assert answer.status_code == 409
    assert await people.logins(committed, olga.id) == []
    assert await told(committed, "factor.reset") == []


async def test_an_application_is_tied_to_its_account_or_turned_down(
    admin: Browser, here: World, committed: Connection
) -> None:
    await admin.open(f"{AREA}/applications")
    assert "Zoe Applies" in admin.text()
    missing = await admin.send(f"{AREA}/applications/{here.application}/open", login="42")
    assert missing.status_code == 404
    await admin.send(f"{AREA}/applications/{here.application}/open", login=str(here.login), note="fine")

    assert await committed.value("SELECT login FROM applications") == here.login
    [row] = await told(committed, "application.open")
    assert row.startswith(f"{here.login} ")
    again = await admin.send(f"{AREA}/applications/{here.application}/refuse")
    assert again.status_code == 409
    await admin.open(f"{AREA}/applications?state=opened")
    assert str(here.login) in admin.text()


async def test_a_role_is_given_and_taken(admin: Browser, here: World, committed: Connection) -> None:
    await admin.open(f"{AREA}/operators")
    assert (await admin.send(f"{AREA}/operators", email=here.ann.email, role="content")).status_code == 409
    assert "second factor" in admin.text("[role=alert]"), "Whoever made a code for her may know her password."
    await committed.run(
        "INSERT INTO totp_secrets (person, secret, confirmed_at) VALUES (%(person)s, 'x', now())", person=here.ann.id
    )
    await admin.send(f"{AREA}/operators", email=here.ann.email, role="content")
    assert here.ann.email in admin.text("table")
    await admin.send(f"{AREA}/operators/dismiss", email=here.ann.email, role="content")

    assert here.ann.email not in admin.text("table")
    for action in ("operator.add", "operator.remove"):
        assert (await told(committed, action))[-1].endswith(WHO)
    refused = await admin.send(f"{AREA}/operators/dismiss", email="olga@example.com", role="administrator")
    assert refused.status_code == 409
    assert (await admin.send(f"{AREA}/operators", email=here.ann.email, role="king")).status_code == 400
