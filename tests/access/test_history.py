"""The history of authorizations: what the rows tell, and how equal refusals become one."""

from datetime import timedelta
from ipaddress import ip_address

import pytest
from msgspec import structs
from psycopg.errors import CheckViolation

from opencabinet import access
from opencabinet.access import AccessDenied, Authorization, Lifetimes, Refusal
from opencabinet.access.history.jobs import forget_old_authorizations
from opencabinet.db import Connection
from opencabinet.kernel.ids import LARGEST, Granted
from opencabinet.kernel.page import Key
from opencabinet.kernel.period import EVER, Period
from tests import make
from tests.access.asking import HOUR
from tests.access.remembering import HOME, RIGHT, begin, password_of, refuse, told, uses


async def test_a_granted_request_is_told_with_all_that_is_known_of_it(conn: Connection) -> None:
    login, password = await password_of(conn)

    await begin(conn, login, password)

    [row] = await uses(conn, login)
    assert (row.login, row.channel, row.action, row.family) == (login, "v1", "token.request", "client")
    assert (row.granted, row.rule, row.times) == (True, RIGHT, 1)
    assert (row.address, row.derived_from) == (HOME.address, "socket")
    assert (row.user_agent, row.request_id) == ("reader/1", "abc")
    assert row.at == row.last_at


async def test_equal_refusals_of_a_minute_are_one_row_with_a_count(conn: Connection) -> None:
    """All in one transaction, so that the minute does not change in between."""
    login, password = await password_of(conn)
    for last in ("7", "8", "250"):
        await refuse(conn, login, structs.replace(HOME, address=ip_address(f"203.0.113.{last}")))
    await refuse(conn, login, structs.replace(HOME, address=ip_address("198.51.100.1")))
    await refuse(conn, login, structs.replace(HOME, address=None))
    await refuse(conn, login, structs.replace(HOME, address=None))
    await refuse(conn, login, structs.replace(HOME, channel="legacy"))
    for _ in range(2):
        await begin(conn, login, password)

    rows = await uses(conn, login)

    assert sorted(row.times for row in rows if not row.granted) == [1, 1, 2, 3]
    [many] = [row for row in rows if row.times == 3]
    assert many.address == ip_address("203.0.113.250"), "The newest address of the network is shown."
    assert [row.times for row in rows if row.granted] == [1, 1], "What was granted is never folded."


async def test_addresses_of_version_6_are_counted_by_their_network(conn: Connection) -> None:
    login, _ = await password_of(conn)
    for address in ("2001:db8::1", "2001:db8:0:1::1", "2001:db8:1::1"):
        await refuse(conn, login, structs.replace(HOME, address=ip_address(address)))

    assert sorted(row.times for row in await uses(conn, login)) == [1, 2]


async def test_refusals_of_another_minute_are_another_row(conn: Connection) -> None:
    login, _ = await password_of(conn)
    await refuse(conn, login)
    await conn.execute("UPDATE authorizations SET minute = minute - interval '1 minute'")

    await refuse(conn, login)

    assert [row.times for row in await uses(conn, login)] == [1, 1]


async def test_guesses_at_accounts_that_are_not_there_share_rows_that_nobody_reads(conn: Connection) -> None:
    login, _ = await password_of(conn)
    for unknown in (42, 43, 42 + 1024, 0, -5, LARGEST + 1, 10**30, None):
        await refuse(conn, unknown)

    assert [[row.times for row in await told(conn, below)] for below in (-43, -44, -1)] == [[2], [1], [5]]
    assert await uses(conn, login) == await told(conn, 42) == []
    with pytest.raises(CheckViolation):
        await conn.execute("UPDATE accounts SET login = -43")


async def test_a_refresh_that_is_granted_is_told_and_one_that_is_refused_says_what_to_tell(conn: Connection) -> None:
    login, password = await password_of(conn)
    session = await begin(conn, login, password)
    assert session
    renewed = await access.refresh(conn, session.refresh, Lifetimes(), HOME)
    told_of = []
    for token in (session.refresh, renewed.refresh, "nonsense"):
        with pytest.raises(AccessDenied, match=r"^Access denied\.$") as denied:
            await access.refresh(conn, token, Lifetimes(), HOME)
        told_of.append(denied.value.told)

    own = [(row.granted, row.rule) for row in await told(conn, login) if row.action == "token.refresh"]

    assert own == [(True, "the refresh token is good")]
    assert told_of == [
        Refusal("the refresh token was used before, so its session was ended", login, "client"),
        Refusal("the refresh token is expired or revoked", login, "client"),
        Refusal("the refresh token is not known"),
    ]


async def test_new_passwords_and_revoked_tokens_are_told(conn: Connection) -> None:
    login, password = await password_of(conn)
    await begin(conn, login, password)
    await access.revoke(conn, login, HOME)

    rows = [(row.channel, row.action, row.detail) for row in await told(conn, login)]

    assert sorted(rows, key=str) == [
        ("cli", "credential.change", {}),
        ("cli", "credential.revoke", {"tokens": 0}),
        ("v1", "credential.revoke", {"tokens": 2}),
        ("v1", "token.request", {}),
    ]


async def test_the_history_is_read_by_kind_of_action(conn: Connection) -> None:
    login, password = await password_of(conn)
    await begin(conn, login, password)

    page = await access.history(conn, Granted(login), EVER, limit=9, of="token.")

    assert [row.action for row in page.rows] == ["token.request"]


async def test_the_reader_sees_only_their_own(conn: Connection) -> None:
    (one, password), (other, _) = await password_of(conn), await password_of(conn)
    await begin(conn, one, password)
    await refuse(conn, other)

    assert [row.granted for row in await uses(conn, one)] == [True]
    assert [row.granted for row in await uses(conn, other)] == [False]


async def test_the_newest_come_first_page_by_page_and_within_a_period(conn: Connection) -> None:
    login, password = await password_of(conn)
    for hours in range(5):
        await begin(conn, login, password)
        await conn.execute(
            "UPDATE authorizations SET at = %s WHERE id = (SELECT max(id) FROM authorizations)",
            [make.NOW - (hours // 2) * HOUR],
        )
    await conn.execute("DELETE FROM authorizations WHERE action <> 'token.request'")
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
    await conn.execute("DELETE FROM authorizations")
    for days in (89, 91, 399, 401):
        await begin(conn, login, password)
        await refuse(conn, login)
        move = "UPDATE authorizations SET at = now() - %s, minute = minute - %s WHERE at = now()"
        await conn.execute(move, [timedelta(days=days)] * 2)

    assert await forget_old_authorizations(conn) == 4

    kept = await told(conn, login)
    assert sorted(row.granted for row in kept) == [False, True, True, True]


async def test_no_row_of_the_history_holds_a_secret(conn: Connection) -> None:
    login, password = await password_of(conn)
    session = await begin(conn, login, password)
    assert session
    await access.refresh(conn, session.refresh, Lifetimes(), HOME)

    kept = " ".join(await conn.values("SELECT to_jsonb(authorizations)::text FROM authorizations"))

    for secret in (password, session.bearer, session.refresh):
        assert secret not in kept
