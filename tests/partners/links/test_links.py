"""Links of partners: a code of their own, somewhere to lead to, and an end."""

import pytest

from opencabinet.db import Connection, outbox
from opencabinet.partners import links, programme
from opencabinet.partners.links import BadLink, NoSuchDestination, NoSuchLink, TooManyLinks, Wanted
from opencabinet.partners.links.model import MOST_LINKS
from tests import make
from tests.partners.clicks.clicking import HOME, partner


async def test_a_link_has_a_code_of_its_own(conn: Connection) -> None:
    own = await partner(conn)

    made = await links.make(conn, own.login, Wanted(destination="form", campaign="Autumn", keywords=("forex", "gold")))

    found = await programme.find(conn, made.code)
    assert found is not None
    assert (found.login, found.link) == (own.login, made.id)
    assert made.code != own.code
    assert await links.listed(conn, own.login, limit=10) == [made]
    assert await links.listed(conn, own.login, after=made.id, limit=10) == []
    assert (made.destination, made.campaign, made.keywords) == ("form", "Autumn", ["forex", "gold"])
    assert [each.kind for each in await outbox.since(conn, own.login, 0, 9)] == ["partner.enrolled", "link.made"]


async def test_a_link_may_have_the_code_that_was_asked_for(conn: Connection) -> None:
    own = await partner(conn)

    assert (await links.make(conn, own.login, Wanted(destination="home", code="gold24"))).code == "GOLD24"
    with pytest.raises(programme.CodeTaken):
        await links.make(conn, own.login, Wanted(destination="home", code="Gold24"))
    with pytest.raises(programme.BadCode):
        await links.make(conn, own.login, Wanted(destination="home", code="../x"))


async def test_a_link_leads_to_what_is_on_the_list(conn: Connection) -> None:
    own = await partner(conn)

    with pytest.raises(NoSuchDestination):
        await links.make(conn, own.login, Wanted(destination="https://evil.example/"))
    await links.save_destinations(conn, [HOME])
    with pytest.raises(NoSuchDestination):
        await links.make(conn, own.login, Wanted(destination="form"))
    assert await links.listed(conn, own.login, limit=10) == []


async def test_nobody_but_a_partner_has_links(conn: Connection) -> None:
    await partner(conn)

    with pytest.raises(programme.NoSuchPartner):
        await links.make(conn, (await make.account(conn)).login, Wanted(destination="home"))


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(destination="home", keywords=tuple("abcdef")),
        Wanted(destination="home", keywords=("a", "a")),
        Wanted(destination="home", keywords=("",)),
        Wanted(destination="home", keywords=("a\r\nb",)),
        Wanted(destination="home", keywords=("a" * 65,)),
        Wanted(destination="home", campaign="a\x1fb"),
        Wanted(destination="home", campaign="a" * 65),
        Wanted(destination="home", campaign="\u202egold"),
    ],
)
async def test_words_of_a_link_are_few_and_seen(conn: Connection, wanted: Wanted) -> None:
    own = await partner(conn)

    with pytest.raises(BadLink):
        await links.make(conn, own.login, wanted)


async def test_a_retired_link_keeps_its_code(conn: Connection) -> None:
    own, other = await partner(conn), await partner(conn)
    made = await links.make(conn, own.login, Wanted(destination="home", code="AUTUMN"))

    with pytest.raises(NoSuchLink):
        await links.retire(conn, other.login, made.id)
    assert (await links.retire(conn, own.login, made.id)).retired_at is not None
    with pytest.raises(NoSuchLink):
        await links.retire(conn, own.login, made.id)

    assert await programme.find(conn, "AUTUMN") is None
    with pytest.raises(programme.CodeTaken):
        await links.make(conn, other.login, Wanted(destination="home", code="AUTUMN"))


async def test_a_link_whose_code_was_retired_can_be_retired(conn: Connection) -> None:
    own = await partner(conn)
    made = await links.make(conn, own.login, Wanted(destination="home"))
    await programme.retire_code(conn, own.login, made.code)

    assert (await links.retire(conn, own.login, made.id)).retired_at is not None


async def test_links_have_an_end_and_a_retired_one_makes_room(conn: Connection) -> None:
    own = await partner(conn)
    for number in range(MOST_LINKS):
        made = await links.make(conn, own.login, Wanted(destination="home", code=f"L{number:03}"))

    with pytest.raises(TooManyLinks):
        await links.make(conn, own.login, Wanted(destination="home"))
    await links.retire(conn, own.login, made.id)
    await links.make(conn, own.login, Wanted(destination="home"))


async def test_links_that_were_made_have_an_end_too(conn: Connection) -> None:
    own = await partner(conn)
    await conn.run(
        "WITH given AS (INSERT INTO partner_codes (code, login) SELECT 'A' || n + 100, %(login)s"
        "  FROM generate_series(1, 1000) AS n RETURNING code)"
        " INSERT INTO links (login, code, destination, retired_at) SELECT %(login)s, code, 'home', now() FROM given",
        login=own.login,
    )

    with pytest.raises(TooManyLinks):
        await links.make(conn, own.login, Wanted(destination="home"))
