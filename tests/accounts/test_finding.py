"""Finding accounts by what was typed, whatever that is."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opencabinet import accounts
from opencabinet.db import Connection, beginning
from tests import make

HOSTILE = (
    "' OR 1=1 --",
    "a':* | 'b",
    "!ann",
    "ann & !bob",
    "<->",
    "\\",
    "'",
    "''",
    ":*",
    "()",
    "<script>alert(1)</script>",
    "%",
    "_",
    "\u202eann",
    "a" * 10_000,
    "ann\ufffd",
)


async def named(conn: Connection, name: str) -> int:
    """Make an account of this name."""
    return (await make.account(conn, name=name)).login


async def test_an_account_is_found_by_how_words_of_its_name_begin(conn: Connection) -> None:
    ann = await named(conn, "Ann-Marie O'Hara")
    await named(conn, "Bob Haran")

    for text in ("ann", "ANN", "mar", "o'h", "hara ann", "Ann-Marie O'Hara"):
        assert [each.login for each in await accounts.by_name(conn, text, 10)] == [ann], text
    assert len(await accounts.by_name(conn, "har", 10)) == 2
    assert await accounts.by_name(conn, "nn", 10) == []
    assert await accounts.by_name(conn, "ann bob", 10) == []


async def test_names_of_other_alphabets_are_found(conn: Connection) -> None:
    login = await named(conn, "Зоя Ёлкина أحمد")

    for text in ("зоя", "ЁЛ", "أحم"):
        assert [each.login for each in await accounts.by_name(conn, text, 10)] == [login], text


@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_text_finds_nothing_that_was_not_asked_for(conn: Connection, text: str) -> None:
    await named(conn, "Zed")

    assert await accounts.by_name(conn, text, 10) == []


@given(text=st.text(max_size=60))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=200)
async def test_whatever_is_typed_can_be_looked_for(conn: Connection, text: str) -> None:
    assert isinstance(await accounts.by_name(conn, text, 1), list)


def test_no_more_than_a_few_words_are_looked_for() -> None:
    assert beginning("a b c d e f g h").count("&") == 5
    assert beginning("  ,.; ") == ""


async def test_an_account_is_found_by_its_login_and_by_the_number_of_its_server(conn: Connection) -> None:
    first, second = await make.account(conn), await make.account(conn)
    number = first.login
    await conn.run("INSERT INTO servers VALUES ('Other', 'UTC') ON CONFLICT DO NOTHING")
    await conn.run(
        "UPDATE sources SET server = 'Other', number = %(number)s WHERE login = %(login)s",
        number=number,
        login=second.login,
    )
    await conn.run(
        "INSERT INTO sources SELECT 'Other', %(number)s, now(), %(login)s"
        " WHERE NOT EXISTS (SELECT FROM sources WHERE login = %(login)s)",
        number=number,
        login=second.login,
    )

    found = await accounts.by_number(conn, number, 10)

    assert [each.login for each in found] == [first.login, second.login]
    assert (found[1].server, found[1].number) == ("Other", number)
    assert await accounts.by_number(conn, 2**70, 10) == []


async def test_as_many_are_found_as_are_wanted_at_most(conn: Connection) -> None:
    for _ in range(3):
        await named(conn, "Same Name")

    assert len(await accounts.by_name(conn, "same", 2)) == 2


async def test_accounts_that_do_not_add_up_are_listed_by_login(conn: Connection) -> None:
    doubtful = [(await make.account(conn, complete=False)).login for _ in range(3)]
    await make.account(conn)

    assert [each.login for each in await accounts.unexplained(conn, 0, 2)] == doubtful[:2]
    assert [each.login for each in await accounts.unexplained(conn, doubtful[1], 2)] == doubtful[2:]
