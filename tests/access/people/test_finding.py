"""Finding people by what was typed."""

import pytest

from opencabinet.access import people
from opencabinet.db import Connection
from tests.access.people.person import HERE, given


async def test_people_are_found_by_how_their_address_or_name_begins(conn: Connection) -> None:
    means = given()
    ann = await people.add(conn, means, email="ann.lee@example.com", name="Ann Lee", source=HERE)
    await people.add(conn, means, email="bob@example.com", name="Bob", source=HERE)

    assert [each.id for each in await people.by_email(conn, "ann.l", 10)] == [ann]
    assert [each.id for each in await people.by_name(conn, "lee", 10)] == [ann]
    assert await people.by_name(conn, "", 10) == []


@pytest.mark.parametrize("text", ["%", "_", "ann%", "a_n", "' OR true --", "example.com"])
async def test_nothing_typed_stands_for_any_letters(conn: Connection, text: str) -> None:
    await people.add(conn, given(), email="ann@example.com", name="Ann", source=HERE)

    assert await people.by_email(conn, text, 10) == []


async def test_as_many_are_found_as_are_wanted_at_most(conn: Connection) -> None:
    for letter in "abc":
        await people.add(conn, given(), email=f"x{letter}@example.com", name="Same", source=HERE)

    assert [each.email for each in await people.by_email(conn, "x", 2)] == ["xa@example.com", "xb@example.com"]
    assert len(await people.by_name(conn, "same", 2)) == 2
