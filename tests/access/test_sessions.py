"""Sessions of v1: a bearer for a quarter of an hour, a refresh token that is good for once."""

import asyncio
import re
from datetime import timedelta
from ipaddress import ip_address

import pytest

from opencabinet import access
from opencabinet.access import AccessDenied, Ask, Family, Function, Kind, Lifetimes, Session
from opencabinet.db import Connection
from opencabinet.kernel.ids import LARGEST, Login
from tests import make
from tests.access.asking import HOUR, PEPPER, issued

LIFETIMES = Lifetimes()
EXPIRED = Lifetimes(bearer=-timedelta(seconds=1), refresh=-timedelta(seconds=1))
LIVES = """
SELECT kind, extract(epoch FROM expires_at - created_at)::int AS seconds FROM tokens ORDER BY kind
"""


async def password_of(conn: Connection) -> tuple[Login, str]:
    """Keep an account; give its login and its password."""
    login = (await make.account(conn)).login
    return login, await access.set_password(conn, login, pepper=PEPPER)


async def begun(
    conn: Connection, login: int, password: str, family: Family = Family.CLIENT, lifetimes: Lifetimes = LIFETIMES
) -> Session:
    """Begin a session."""
    return await access.begin(conn, pepper=PEPPER, login=login, password=password, family=family, lifetimes=lifetimes)


async def session(conn: Connection, lifetimes: Lifetimes = LIFETIMES) -> Session:
    """Keep an account and begin a session of it."""
    return await begun(conn, *await password_of(conn), lifetimes=lifetimes)


async def opens(conn: Connection, token: str, login: int, kind: Kind = Kind.BEARER) -> bool:
    """Whether a token, shown as some kind, opens the account."""
    ask = Ask(login=Login(login), function=Function.BALANCE, address=ip_address("192.0.2.7"))
    return (await access.permit(conn, token, ask, kind)).granted is not None


async def refused(conn: Connection, token: str) -> bool:
    """Whether a refresh token is refused."""
    try:
        await access.refresh(conn, token, LIFETIMES)
    except AccessDenied:
        return True
    return False


async def test_the_password_begins_a_session_of_two_tokens(conn: Connection) -> None:
    begun = await session(conn)

    assert await opens(conn, begun.bearer, begun.login)
    assert re.fullmatch(r"ccb_[0-9A-Za-z]{49}", begun.bearer)
    assert re.fullmatch(r"ccr_[0-9A-Za-z]{49}", begun.refresh)
    assert begun.bearer not in repr(begun)
    rows = await (await conn.execute(LIVES)).fetchall()
    assert rows == [("bearer", 15 * 60), ("refresh", 24 * 60 * 60)]


async def test_a_refresh_token_is_exchanged_for_new_tokens_of_the_same_session(conn: Connection) -> None:
    first = await session(conn)

    second = await access.refresh(conn, first.refresh, LIFETIMES)

    assert (second.login, second.family) == (first.login, first.family)
    assert len({first.bearer, first.refresh, second.bearer, second.refresh}) == 4
    assert await opens(conn, second.bearer, second.login)
    assert await opens(conn, first.bearer, first.login), "It lives until its own time is over."
    assert await conn.value("SELECT count(DISTINCT session) FROM tokens") == 1


async def test_who_shows_a_used_refresh_token_ends_the_session(conn: Connection) -> None:
    login, password = await password_of(conn)
    first, other = await begun(conn, login, password), await begun(conn, login, password)
    second = await access.refresh(conn, first.refresh, LIFETIMES)
    third = await access.refresh(conn, second.refresh, LIFETIMES)

    assert await refused(conn, first.refresh)

    for each in (first, second, third):
        assert not await opens(conn, each.bearer, login)
        assert await refused(conn, each.refresh)
    assert await opens(conn, other.bearer, login), "Another session of the account goes on."
    assert not await refused(conn, other.refresh)


async def test_of_two_who_refresh_at_once_one_is_refused_and_the_session_ends(
    committed: Connection, database: str
) -> None:
    begun = await session(committed)
    async with await Connection.open(database) as one, await Connection.open(database) as two:
        found = await asyncio.gather(
            *(access.refresh(each, begun.refresh, LIFETIMES) for each in (one, two)), return_exceptions=True
        )

    [won] = [each for each in found if isinstance(each, Session)]
    assert [type(each) for each in found if each is not won] == [AccessDenied]
    assert not await opens(committed, won.bearer, won.login)
    assert await refused(committed, won.refresh)


async def test_expired_tokens_are_good_for_nothing(conn: Connection) -> None:
    over = await session(conn, EXPIRED)

    assert not await opens(conn, over.bearer, over.login)
    assert await refused(conn, over.refresh)


async def test_a_new_password_ends_every_session(conn: Connection) -> None:
    begun = await session(conn)
    await access.set_password(conn, begun.login, pepper=PEPPER)

    assert not await opens(conn, begun.bearer, begun.login)
    assert await refused(conn, begun.refresh)


async def test_revoking_ends_every_session(conn: Connection) -> None:
    begun = await session(conn)

    assert await access.revoke(conn, begun.login) == 2
    assert not await opens(conn, begun.bearer, begun.login)
    assert await refused(conn, begun.refresh)


async def test_kinds_of_token_never_interchange(conn: Connection) -> None:
    login, password = await password_of(conn)
    begun_here = await begun(conn, login, password)
    shown = {
        Kind.LEGACY: await issued(conn, login, password),
        Kind.BEARER: begun_here.bearer,
        Kind.REFRESH: begun_here.refresh,
    }

    for made_as, token in shown.items():
        for shown_as in (Kind.LEGACY, Kind.BEARER):
            assert await opens(conn, token, login, shown_as) is (made_as is shown_as), (made_as, shown_as)
    for made_as in (Kind.LEGACY, Kind.BEARER):
        assert await refused(conn, shown[made_as])
        assert await opens(conn, shown[made_as], login, made_as), "Showing it in the wrong place ends nothing."
    assert not await refused(conn, shown[Kind.REFRESH])


@pytest.mark.parametrize("family", [Family.CLIENT, Family.PARTNER])
async def test_a_session_keeps_its_family(conn: Connection, family: Family) -> None:
    begun_here = await begun(conn, *await password_of(conn), family)
    renewed = await access.refresh(conn, begun_here.refresh, LIFETIMES)

    for token in (begun_here.bearer, renewed.bearer):
        assert (await access.bearer(conn, token, Kind.BEARER)).family is family


@pytest.mark.parametrize("token", ["", "x", "ccr_" + "0" * 49, "\0", "é" * 1000])
async def test_a_token_nobody_made_is_refused(conn: Connection, token: str) -> None:
    begun_here = await session(conn)

    assert await refused(conn, token)
    assert not await opens(conn, token, begun_here.login)
    with pytest.raises(AccessDenied):
        await access.bearer(conn, token, Kind.BEARER)
    assert await opens(conn, begun_here.bearer, begun_here.login)


@pytest.mark.parametrize("login", [0, -1, 42, LARGEST, LARGEST + 1])
async def test_a_login_nobody_has_begins_no_session(conn: Connection, login: int) -> None:
    _, password = await password_of(conn)

    with pytest.raises(AccessDenied, match="Access denied"):
        await begun(conn, login, password)
    assert await conn.value("SELECT count(*) FROM tokens") == 0


async def test_a_legacy_token_lives_as_long_as_it_was_asked_for(conn: Connection) -> None:
    await issued(conn, *await password_of(conn), HOUR)

    assert await (await conn.execute(LIVES)).fetchall() == [("legacy", 3600)]
