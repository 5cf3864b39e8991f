"""The person behind an account."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from msgspec import structs

from opencabinet import accounts
from opencabinet.accounts import BadProfile, Profile
from opencabinet.db import Connection
from opencabinet.kernel.ids import Login
from tests import make

LOGIN = Login(1234567)
SECRET = b"s" * 32
NUMBERS = some.from_regex(r"\A\+?[0-9][0-9 ]{3,14}[0-9]\Z").filter(lambda text: sum(map(str.isdigit, text)) >= 4)


async def test_of_a_person_nobody_told_of_every_particular_is_empty(conn: Connection) -> None:
    made = await make.account(conn)

    assert await accounts.profile(conn, made.login) == Profile(login=made.login)


async def test_what_is_told_replaces_what_was(conn: Connection) -> None:
    made = await make.account(conn)
    first = Profile(login=made.login, phone="+49 30 1234", city="Łódź", account_type="EuricaRUR", swap_free=True)
    second = structs.replace(first, phone="", verification_level=9)

    for told in (first, second):
        await accounts.describe(conn, told)
        assert await accounts.profile(conn, made.login) == told


async def test_a_change_is_told_once_and_without_the_particulars(conn: Connection) -> None:
    made = await make.account(conn)
    told = Profile(login=made.login, phone="+49 30 1234")
    for _ in range(2):
        await accounts.describe(conn, told)

    events = await conn.values("SELECT kind || body::text FROM events WHERE login = %(login)s", login=made.login)
    assert events == ["account.described{}"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"phone": "123"},
        {"phone": "call me"},
        {"phone": "+49 30 12x4"},
        {"phone": "٠٠٤٢"},
        {"phone": "1" * 21},
        {"phone": "12345+"},
        {"city": "x" * 201},
        {"country": "a\nb"},
        {"address": "\0"},
        {"account_type": "Golden"},
        {"verification_level": 10},
        {"verification_level": -1},
    ],
)
async def test_what_cannot_be_right_is_refused(conn: Connection, wrong: dict[str, Any]) -> None:
    made = await make.account(conn)

    with pytest.raises(BadProfile):
        await accounts.describe(conn, Profile(login=made.login, **wrong))
    assert await accounts.profile(conn, made.login) == Profile(login=made.login)


@given(NUMBERS)
def test_a_number_ends_in_its_last_four_digits_however_it_is_written(number: str) -> None:
    told = Profile(login=LOGIN, phone=number)
    told.check()
    digits = "".join(letter for letter in number if letter.isdigit())

    assert told.last_four == digits[-4:]
    assert len(told.last_four or "") == 4
    assert structs.replace(told, phone=digits).hashed_phone(SECRET) == told.hashed_phone(SECRET)


def test_the_hash_of_a_number_needs_the_secret_and_tells_numbers_apart() -> None:
    told = Profile(login=LOGIN, phone="+49 30 120 0042")
    other = structs.replace(told, phone="+49 30 120 0043")
    hashes = {told.hashed_phone(SECRET), told.hashed_phone(SECRET[::-1] + b"x"), other.hashed_phone(SECRET)}

    assert len(hashes) == 3
    assert all(len(bytes.fromhex(each)) == 16 for each in hashes)
    assert Profile(login=LOGIN).hashed_phone(SECRET) == ""
    assert Profile(login=LOGIN).last_four is None


def test_a_person_does_not_get_into_the_log() -> None:
    assert "0042" not in repr(Profile(login=LOGIN, phone="+49 30 120 0042"))
