"""API passwords: generated, rotated, or chosen; the form of what is shown decides how it is looked at."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opencabinet import access
from opencabinet.access import AccessDenied, Family, Hasher, secrets
from opencabinet.access.credentials.model import SamePassword
from opencabinet.access.credentials.passwords.actions import MadeHere
from opencabinet.access.fitness import UnfitPassword
from opencabinet.db import Connection
from opencabinet.kernel.ids import Login
from tests import make
from tests.access.asking import HOUR, PEPPER

CHOSEN = make.CHOSEN
AGE = "UPDATE api_passwords SET expires_at = expires_at - interval '25 hours' WHERE expires_at IS NOT NULL"


@pytest.fixture(scope="module")
def hasher() -> Any:
    """Where chosen passwords are hashed."""
    made = Hasher({1: PEPPER})
    yield made
    made.close()


@pytest.fixture
async def login(conn: Connection) -> Login:
    """The login of an account."""
    return (await make.account(conn)).login


async def right(conn: Connection, login: Login, password: str, hasher: Hasher | None = None) -> bool:
    """Whether a password gives a token."""
    given: dict[str, Any] = {"family": Family.CLIENT, "lifetime": HOUR, "hasher": hasher}
    try:
        await access.issue(conn, pepper=PEPPER, login=login, password=password, **given)
    except AccessDenied:
        return False
    return True


@given(st.text(max_size=40))
def test_nothing_has_the_generated_form_by_accident(text: str) -> None:
    assert not secrets.generated(text)
    assert not secrets.generated("ccp_" + text)


def test_one_letter_changed_is_no_generated_form() -> None:
    password = secrets.make_password()
    assert secrets.generated(password)

    for place, letter in enumerate(password):
        other = "x" if letter != "x" else "y"
        assert not secrets.generated(password[:place] + other + password[place + 1 :])
        assert not secrets.generated(password[:place] + password[place + 1 :])
    assert not secrets.generated(password + "\n")


async def test_a_rotated_password_is_good_for_a_day_more(conn: Connection, login: Login) -> None:
    first = await access.set_password(conn, login, pepper=PEPPER)
    await right(conn, login, first)

    second = await access.rotate_password(conn, login, pepper=PEPPER)

    assert await access.live(conn, login) == 1, "Its tokens live on."
    assert second.previous_until is not None
    assert timedelta(hours=23) < second.previous_until - datetime.now(UTC) <= timedelta(hours=24)
    assert await right(conn, login, first)
    assert await right(conn, login, second.password)
    await conn.run(AGE)
    assert not await right(conn, login, first)
    assert await right(conn, login, second.password)
    assert second.password not in repr(second)


async def test_two_passwords_are_good_at_a_time_at_most(conn: Connection, login: Login) -> None:
    first = await access.rotate_password(conn, login, pepper=PEPPER)
    assert first.previous_until is None, "There was none before."
    second = await access.rotate_password(conn, login, pepper=PEPPER)
    third = await access.rotate_password(conn, login, pepper=PEPPER)

    shown = [await right(conn, login, each.password) for each in (first, second, third)]

    assert shown == [False, True, True]


async def test_a_chosen_password_is_right_and_takes_the_place_of_all(
    conn: Connection, login: Login, hasher: Hasher
) -> None:
    generated = await access.set_password(conn, login, pepper=PEPPER)
    await right(conn, login, generated)

    await access.choose_password(conn, login, CHOSEN, hasher=hasher)

    assert await access.live(conn, login) == 0
    assert await right(conn, login, CHOSEN, hasher)
    assert not await right(conn, login, generated, hasher)
    assert not await right(conn, login, CHOSEN + " ", hasher), "It is looked at exactly as it is shown."
    assert not await right(conn, login, CHOSEN), "Nothing is right where nothing can be hashed."
    kept = await conn.values("SELECT chosen FROM api_passwords")
    assert [each.startswith("1$argon2id$") for each in kept] == [True]


async def test_a_chosen_password_is_spelled_the_same_on_every_keyboard(
    conn: Connection, login: Login, hasher: Hasher
) -> None:
    await access.choose_password(conn, login, "vier Wiesen grün im Mond", hasher=hasher)

    assert await right(conn, login, "vier Wiesen gru\u0308n im Mond", hasher)


@pytest.mark.parametrize("unfit", ["short", "a" * 20, "qwertyuiopasdfghjkl", "1234567890123456", "x" * 1025])
async def test_an_unfit_password_is_not_chosen(conn: Connection, login: Login, hasher: Hasher, unfit: str) -> None:
    before = await access.set_password(conn, login, pepper=PEPPER)

    with pytest.raises(UnfitPassword):
        await access.choose_password(conn, login, unfit, hasher=hasher)

    assert await right(conn, login, before)


async def test_what_others_know_of_the_owner_is_no_password(conn: Connection, login: Login, hasher: Hasher) -> None:
    with pytest.raises(UnfitPassword):
        await access.choose_password(conn, login, "Ann Example Ann Example", hasher=hasher, context=("Ann Example",))
    with pytest.raises(UnfitPassword):
        await access.choose_password(conn, login, f"{login}{login}{login}", hasher=hasher)


async def test_a_password_of_the_generated_form_is_not_chosen(conn: Connection, login: Login, hasher: Hasher) -> None:
    with pytest.raises(MadeHere):
        await access.choose_password(conn, login, secrets.make_password(), hasher=hasher)
    with pytest.raises(MadeHere):
        await access.set_password(conn, login, pepper=PEPPER, password="of another form")


async def test_no_two_passwords_of_an_owner_are_equal(conn: Connection, login: Login, hasher: Hasher) -> None:
    async def is_another(password: str) -> bool:
        return password == CHOSEN

    with pytest.raises(SamePassword):
        await access.choose_password(conn, login, CHOSEN, hasher=hasher, is_another=is_another)
    await access.choose_password(conn, login, CHOSEN, hasher=hasher)
    with pytest.raises(SamePassword):
        await access.choose_password(conn, login, CHOSEN, hasher=hasher)


async def test_a_chosen_password_is_rotated_like_any_other(conn: Connection, login: Login, hasher: Hasher) -> None:
    await access.choose_password(conn, login, CHOSEN, hasher=hasher)
    await access.rotate_password(conn, login, pepper=PEPPER)

    assert await right(conn, login, CHOSEN, hasher)
    await conn.run(AGE)
    assert not await right(conn, login, CHOSEN, hasher)


async def test_a_password_of_older_ways_is_kept_in_the_newer_once_it_is_shown(
    conn: Connection, login: Login, hasher: Hasher
) -> None:
    await access.choose_password(conn, login, CHOSEN, hasher=hasher)
    newer = Hasher({1: PEPPER, 2: b"q" * 32})

    assert await right(conn, login, CHOSEN, newer)

    assert [each[:2] for each in await conn.values("SELECT chosen FROM api_passwords")] == ["2$"]
    assert await right(conn, login, CHOSEN, newer)
    newer.close()
