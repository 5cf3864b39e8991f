"""The history of authorizations: every request for a token leaves a row, whatever was decided."""

from contextlib import suppress
from datetime import timedelta
from ipaddress import ip_address

import pytest
from msgspec import structs
from psycopg.errors import CheckViolation

from opencabinet import access
from opencabinet.access import AccessDenied, Authorization, Family, Lifetimes, Source
from opencabinet.access.jobs import forget_old_authorizations
from opencabinet.db import Connection
from opencabinet.kernel.ids import LARGEST, Granted, Login
from opencabinet.kernel.page import Key
from opencabinet.kernel.period import EVER, Period
from tests import make
from tests.access.asking import HOUR, PEPPER

HOME = Source(channel="v1", address=ip_address("203.0.113.7"), user_agent="reader/1", request_id="abc")
RIGHT, WRONG = "the API password is right", "the API password is wrong"


async def password_of(conn: Connection) -> tuple[Login, str]:
    """Keep an account; give its login and its password."""
    login = (await make.account(conn)).login
    return login, await access.set_password(conn, login, pepper=PEPPER)


async def told(conn: Connection, login: int) -> list[Authorization]:
    """Give the history of an account, or of those that are not there."""
    return list((await access.history(conn, Granted(Login(login)), EVER, limit=100)).rows)


async def begin(conn: Connection, login: int, password: str, source: Source = HOME) -> access.Session | None:
    """Ask for a session."""
    with suppress(AccessDenied):
        return await access.begin(
            conn,
            pepper=PEPPER,
            login=login,
            password=password,
            family=Family.CLIENT,
            lifetimes=Lifetimes(),
            source=source,
        )
    return None


async def refresh(conn: Connection, token: str, source: Source = HOME) -> access.Session | None:
    """Ask for a session to go on."""
    with suppress(AccessDenied):
        return await access.refresh(conn, token, Lifetimes(), source)
    return None


async def test_a_granted_request_is_told_with_all_that_is_known_of_it(conn: Connection) -> None:
    login, password = await password_of(conn)

    await begin(conn, login, password)

    [row] = await told(conn, login)
    assert (row.login, row.channel, row.action, row.family) == (login, "v1", "token.request", "client")
    assert (row.granted, row.rule, row.times) == (True, RIGHT, 1)
    assert (row.address, row.derived_from) == (HOME.address, "socket")
    assert (row.user_agent, row.request_id) == ("reader/1", "abc")
    assert row.at == row.last_at


async def test_legacy_requests_are_told_too(conn: Connection) -> None:
    login, password = await password_of(conn)
    for secret in (password, "wrong"):
        with suppress(AccessDenied):
            await access.issue(
                conn, pepper=PEPPER, login=login, password=secret, family=Family.PARTNER, lifetime=HOUR, source=Source()
            )

    rows = await told(conn, login)

    assert {(row.granted, row.rule) for row in rows} == {(True, RIGHT), (False, WRONG)}
    assert {(row.channel, row.family, row.address) for row in rows} == {("legacy", "partner", None)}


async def test_equal_refusals_of_a_minute_are_one_row_with_a_count(conn: Connection) -> None:
    """All in one transaction, so that the minute does not change in between."""
    login, password = await password_of(conn)
    for last in ("7", "8", "250"):
        await begin(conn, login, "wrong", structs.replace(HOME, address=ip_address(f"203.0.113.{last}")))
    await begin(conn, login, "wrong", structs.replace(HOME, address=ip_address("198.51.100.1")))
    await begin(conn, login, "wrong", structs.replace(HOME, address=None))
    await begin(conn, login, "wrong", structs.replace(HOME, address=None))
    await begin(conn, login, "wrong", structs.replace(HOME, channel="legacy"))
    for _ in range(2):
        await begin(conn, login, password)

    rows = await told(conn, login)

    assert sorted(row.times for row in rows if not row.granted) == [1, 1, 2, 3]
    [many] = [row for row in rows if row.times == 3]
    assert many.address == ip_address("203.0.113.250"), "The newest address of the network is shown."
    assert [row.times for row in rows if row.granted] == [1, 1], "What was granted is never folded."


async def test_addresses_of_version_6_are_counted_by_their_network(conn: Connection) -> None:
    login, _ = await password_of(conn)
    for address in ("2001:db8::1", "2001:db8:0:1::1", "2001:db8:1::1"):
        await begin(conn, login, "wrong", structs.replace(HOME, address=ip_address(address)))

    assert sorted(row.times for row in await told(conn, login)) == [1, 2]


async def test_refusals_of_another_minute_are_another_row(conn: Connection) -> None:
    login, _ = await password_of(conn)
    await begin(conn, login, "wrong")
    await conn.execute("UPDATE authorizations SET minute = minute - interval '1 minute'")

    await begin(conn, login, "wrong")

    assert [row.times for row in await told(conn, login)] == [1, 1]


async def test_guesses_at_accounts_that_are_not_there_share_rows_that_nobody_reads(conn: Connection) -> None:
    login, password = await password_of(conn)
    for unknown in (42, 43, 42 + 1024, 0, -5, LARGEST + 1, 10**30):
        await begin(conn, unknown, password)

    assert [[row.times for row in await told(conn, below)] for below in (-43, -44, -1)] == [[2], [1], [4]]
    assert await told(conn, login) == await told(conn, 42) == []
    with pytest.raises(CheckViolation):
        await conn.execute("UPDATE accounts SET login = -43")


async def test_every_way_a_refresh_can_end_is_told(conn: Connection) -> None:
    login, password = await password_of(conn)
    session = await begin(conn, login, password)
    assert session
    renewed = await refresh(conn, session.refresh)
    assert renewed
    await refresh(conn, session.refresh)
    await refresh(conn, renewed.refresh)
    await refresh(conn, "nonsense")

    own = [(row.granted, row.rule) for row in await told(conn, login) if row.action == "token.refresh"]
    nobodys = [(row.granted, row.rule, row.times) for row in await told(conn, -1)]

    assert sorted(own) == [
        (False, "the refresh token is expired or revoked"),
        (False, "the refresh token was used before, so its session was ended"),
        (True, "the refresh token is good"),
    ]
    assert nobodys == [(False, "the refresh token is not known", 1)]


async def test_the_reader_sees_only_their_own(conn: Connection) -> None:
    (one, password), (other, _) = await password_of(conn), await password_of(conn)
    await begin(conn, one, password)
    await begin(conn, other, password)

    assert [row.granted for row in await told(conn, one)] == [True]
    assert [row.granted for row in await told(conn, other)] == [False]


async def test_the_newest_come_first_page_by_page_and_within_a_period(conn: Connection) -> None:
    login, password = await password_of(conn)
    for hours in range(5):
        await begin(conn, login, password)
        await conn.execute(
            "UPDATE authorizations SET at = %s WHERE id = (SELECT max(id) FROM authorizations)",
            [make.NOW - (hours // 2) * HOUR],
        )
    everything = await told(conn, login)
    granted = Granted(login)

    found: list[Authorization] = []
    page = await access.history(conn, granted, EVER, limit=2)
    while page.next:
        found += page.rows
        page = await access.history(conn, granted, EVER, below=page.next, limit=2)
    found += page.rows

    assert found == everything
    assert [row.key() for row in everything] == sorted((row.key() for row in everything), reverse=True)
    period = Period(make.NOW - HOUR, make.NOW)
    assert [row.at for row in (await access.history(conn, granted, period, limit=9)).rows] == [make.NOW - HOUR] * 2
    assert (await access.history(conn, granted, EVER, below=Key(make.NOW, 0), limit=9)).rows == everything[2:]


async def test_refusals_are_kept_for_90_days_and_grants_for_400(conn: Connection) -> None:
    login, password = await password_of(conn)
    for days in (89, 91, 399, 401):
        for secret in (password, "wrong"):
            await begin(conn, login, secret)
        move = "UPDATE authorizations SET at = now() - %s, minute = minute - %s WHERE at = now()"
        await conn.execute(move, [timedelta(days=days)] * 2)

    assert await forget_old_authorizations(conn) == 4

    kept = await told(conn, login)
    assert sorted(row.granted for row in kept) == [False, True, True, True]


async def test_no_row_of_the_history_holds_a_secret(conn: Connection) -> None:
    login, password = await password_of(conn)
    session = await begin(conn, login, password)
    await begin(conn, login, "a wrong password")
    assert session
    await refresh(conn, session.refresh)

    kept = " ".join(await conn.values("SELECT to_jsonb(authorizations)::text FROM authorizations"))

    for secret in (password, "a wrong password", session.bearer, session.refresh):
        assert secret not in kept
