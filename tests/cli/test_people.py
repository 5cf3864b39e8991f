import io
import re
import sys
from datetime import timedelta

import pytest

from opencabinet.access import AccessDenied, Source, keyfile, network, people, throttles
from opencabinet.access.history import NOBODY
from opencabinet.access.passwords import Hasher
from opencabinet.access.people import Means, factors
from opencabinet.access.people.factors import PasswordProof
from opencabinet.access.people.means import subject_of_factors, subject_of_password
from opencabinet.cli.people import TELL, Operator
from opencabinet.db import Connection
from opencabinet.settings import Settings
from tests import make
from tests.access.people.authenticator import Authenticator
from tests.access.people.person import EMAIL, HERE, OTHER, PASSWORD, SITE
from tests.cli.console import Said, cabinet, refused

CODE = r"([a-z0-9]{4}-){5}[a-z0-9]{4}"


@pytest.fixture
def means(installed: Connection, settings: Settings) -> Means:
    """Give what the installation lets people in with."""
    del installed  # the keys are its own
    keys = keyfile.load(settings.folder)
    return Means(hasher=Hasher(keys.passwords), keys=keys, throttle=Operator(), tell=TELL)


TOLD = """
SELECT DISTINCT action FROM authorizations WHERE login = %(login)s AND channel = 'cli' AND granted ORDER BY action
"""


async def with_input(monkeypatch: pytest.MonkeyPatch, text: str, *arguments: str) -> Said:
    """Run a command with something on its standard input."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))
    return await cabinet(*arguments)


async def signed_in(conn: Connection, means: Means, password: str) -> str:
    """Sign in and give the token."""
    return (await people.sign_in(conn, means, email=EMAIL, password=password, source=HERE)).token


def rows(said: Said) -> list[list[str]]:
    """Give the rows of a table."""
    lines = [line.strip("│").split("│") for line in said.out.splitlines() if line.startswith("│")]
    return [[cell.strip() for cell in line] for line in lines]


async def test_somebody_is_added_with_their_accounts_and_sets_a_password(installed: Connection, means: Means) -> None:
    one, two = [(await make.account(installed)).login for _ in range(2)]

    said = await cabinet(
        "people", "add", "Ann@example.com", "--name", "Ann", "--account", str(one), "--account", str(two)
    )

    assert re.fullmatch(rf"{CODE}\n", said.out)
    await people.set_password_by_code(installed, means, said.out.strip(), PASSWORD, source=Source(channel="cabinet"))
    assert await signed_in(installed, means, PASSWORD)
    [row] = rows(await cabinet("people", "list"))
    assert row[:5] == [EMAIL, "Ann", f"{one}, {two}", "set", "no"]


async def test_nothing_is_added_with_an_account_that_is_not_there(installed: Connection) -> None:
    refused(await cabinet("people", "add", EMAIL, "--account", "42"), "There is no account 42.")

    assert rows(await cabinet("people", "list")) == []
    assert await installed.value("SELECT count(*) FROM people") == 0


@pytest.mark.usefixtures("installed")
async def test_nobody_is_added_twice() -> None:
    await cabinet("people", "add", EMAIL)

    refused(await cabinet("people", "add", "ANN@example.com"), "already", EMAIL)
    refused(await cabinet("people", "add", "ann"), "no e-mail address")


async def test_accounts_are_linked_and_given_back(installed: Connection) -> None:
    one, two = [(await make.account(installed)).login for _ in range(2)]
    await cabinet("people", "add", EMAIL)
    await cabinet("people", "add", "bob@example.com")

    assert (await cabinet("people", "link", EMAIL, str(one), str(two))).out == f"{EMAIL}: {one}, {two}\n"
    refused(await cabinet("people", "link", "bob@example.com", str(one)), "somebody else's")
    assert (await cabinet("people", "link", EMAIL, str(two), "--remove")).out == f"{EMAIL}: {one}\n"
    assert (await cabinet("people", "link", "bob@example.com", str(two))).out == f"bob@example.com: {two}\n"


async def test_a_password_comes_on_standard_input_and_ends_sessions(
    installed: Connection, means: Means, monkeypatch: pytest.MonkeyPatch
) -> None:
    await cabinet("people", "add", EMAIL)

    said = await with_input(monkeypatch, f"{PASSWORD}\n", "people", "password", EMAIL)
    assert said == (0, "The password is set, and every session ended.\n", "")
    token = await signed_in(installed, means, PASSWORD)
    await with_input(monkeypatch, OTHER, "people", "password", EMAIL)

    assert await people.who(installed, token) is None
    await signed_in(installed, means, OTHER)


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    ("text", "word"), [("", "standard input"), ("\n", "standard input"), ("short\n", "15 characters")]
)
async def test_a_password_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, text: str, word: str) -> None:
    await cabinet("people", "add", EMAIL)

    refused(await with_input(monkeypatch, text, "people", "password", EMAIL), word)


async def test_an_accounts_password_is_refused(
    installed: Connection, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    login = (await make.account(installed)).login
    await cabinet("people", "add", EMAIL, "--account", str(login))
    password = await make.password(installed, login, settings)

    refused(await with_input(monkeypatch, password, "people", "password", EMAIL), "choose another")


async def test_no_password_is_another_of_the_account(installed: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    login = str((await make.account(installed)).login)
    await cabinet("people", "add", EMAIL, "--account", login)
    choose = ("access", "password", login, "--choose")

    assert (await with_input(monkeypatch, PASSWORD, *choose)).out == "The password was set.\n"
    refused(await with_input(monkeypatch, PASSWORD, "people", "password", EMAIL), "choose another")
    await with_input(monkeypatch, OTHER, "people", "password", EMAIL)
    refused(await with_input(monkeypatch, OTHER, *choose), "choose another")


async def test_who_was_guessed_at_too_often_is_let_in_again_by_the_operator(
    installed: Connection, means: Means, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = await people.add(installed, means, email=EMAIL, name="", source=HERE)
    subjects = {subject_of_password(EMAIL), subject_of_factors(person)}
    for subject in subjects:
        guess = {"subject": subject, "network": network("192.0.2.0/24"), "generated": False}
        with pytest.raises(AccessDenied):
            async with throttles.guess(installed, **guess):  # type: ignore[arg-type]  # each of its own type
                raise AccessDenied
    failures = "SELECT subject FROM throttles WHERE kind = 'failures'"
    assert set(await installed.values(failures)) == subjects

    await with_input(monkeypatch, f"{PASSWORD}\n", "people", "password", EMAIL)
    assert await installed.values(failures) == [subject_of_factors(person)]
    await cabinet("people", "reset-factors", EMAIL)
    assert await installed.values(failures) == []


async def test_not_me_ends_the_owners_sessions(
    installed: Connection, means: Means, monkeypatch: pytest.MonkeyPatch
) -> None:
    login = (await make.account(installed)).login
    await cabinet("people", "add", EMAIL, "--account", str(login))
    await with_input(monkeypatch, PASSWORD, "people", "password", EMAIL)
    token = await signed_in(installed, means, PASSWORD)

    assert "Sessions of the owner ended: 1." in (await cabinet("access", "not-me", str(login))).out
    assert await people.who(installed, token) is None
    assert "session.end" in await installed.values(TOLD, login=login)


async def test_sessions_are_listed_and_ended(
    installed: Connection, means: Means, monkeypatch: pytest.MonkeyPatch
) -> None:
    await cabinet("people", "add", EMAIL)
    await with_input(monkeypatch, PASSWORD, "people", "password", EMAIL)
    token = await signed_in(installed, means, PASSWORD)

    [row] = rows(await cabinet("people", "sessions", EMAIL))
    assert (row[1], row[4:]) == ("password", ["192.0.2.7", "Browser"])
    assert (await cabinet("people", "end-sessions", EMAIL)).out == "Sessions ended: 1.\n"

    assert await people.who(installed, token) is None
    assert rows(await cabinet("people", "sessions", EMAIL)) == []


async def test_lost_factors_are_reset(installed: Connection, means: Means, monkeypatch: pytest.MonkeyPatch) -> None:
    await cabinet("people", "add", EMAIL)
    await with_input(monkeypatch, PASSWORD, "people", "password", EMAIL)
    token = await with_passkey(installed, means)
    assert rows(await cabinet("people", "list"))[0][4] == "yes"

    said = await cabinet("people", "reset-factors", EMAIL)

    assert said.out == "Every second factor is removed, and every session ended.\n"
    assert await people.who(installed, token) is None
    await with_passkey(installed, means)
    await with_input(monkeypatch, "k7#Vq2!p", "people", "password", EMAIL)
    said = await cabinet("people", "reset-factors", EMAIL)
    assert re.search(rf"A code that sets a new one: {CODE}\n$", said.out)


async def test_what_an_operator_does_is_told_in_the_histories_of_the_accounts(
    installed: Connection, means: Means, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = [(await make.account(installed)).login for _ in range(2)]
    await cabinet("people", "add", EMAIL, "--account", str(one))
    assert await installed.values(TOLD, login=one) == ["password.code", "person.link"]
    await cabinet("people", "link", EMAIL, str(two))
    await with_input(monkeypatch, PASSWORD, "people", "password", EMAIL)
    await with_passkey(installed, means)
    await cabinet("people", "end-sessions", EMAIL)
    await cabinet("people", "reset-factors", EMAIL)

    everything = ["factor.reset", "password.set", "person.link", "session.end"]
    assert await installed.values(TOLD, login=two) == everything
    assert await installed.values(TOLD, login=one) == sorted([*everything, "password.code"])
    await cabinet("people", "link", EMAIL, str(two), "--remove")
    assert "person.unlink" in await installed.values(TOLD, login=two), "The account that was theirs hears of it."
    assert await installed.values(TOLD, login=NOBODY) == ["person.add"]


async def with_passkey(conn: Connection, means: Means) -> str:
    """Sign in, get a passkey, and give the token."""
    session = await people.who(conn, await signed_in(conn, means, PASSWORD))
    assert session
    session = await people.who(conn, await factors.step_up(conn, means, session, PasswordProof(PASSWORD), HERE))
    assert session
    answer = Authenticator().register(await factors.begin_passkey(conn, means, session, SITE))
    return await factors.confirm_passkey(conn, means, session, SITE, answer, "Key", HERE)


@pytest.mark.usefixtures("installed")
async def test_a_new_code_takes_the_place_of_the_old() -> None:
    first = await cabinet("people", "add", EMAIL)
    second = await cabinet("people", "code", EMAIL)

    assert re.fullmatch(rf"{CODE}\n", second.out)
    assert first.out != second.out


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("command", ["code", "sessions", "end-sessions", "reset-factors", "link"])
async def test_there_is_nothing_to_say_of_somebody_unknown(command: str) -> None:
    logins = ["1"] if command == "link" else []

    refused(await cabinet("people", command, "nobody@example.com", *logins), "nobody@example.com")


@pytest.mark.usefixtures("installed")
async def test_people_are_listed_in_pages() -> None:
    for name in "abc":
        await cabinet("people", "add", f"{name}@example.com")

    everybody = rows(await cabinet("people", "list"))
    assert [row[0] for row in everybody] == ["a@example.com", "b@example.com", "c@example.com"]
    assert rows(await cabinet("people", "list", "--limit", "2")) == everybody[:2]


def test_a_day_is_what_a_code_lives() -> None:
    from opencabinet.access.people.actions import CODE_LIVES  # noqa: PLC0415 - said in the help of the command

    assert timedelta(days=1) == CODE_LIVES
