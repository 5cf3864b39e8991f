"""The history of authorizations: what the rows tell, and how equal refusals become one."""

from contextlib import suppress
from datetime import timedelta
from ipaddress import ip_address

import pytest
from msgspec import structs
from psycopg.errors import CheckViolation

from opencabinet import access
from opencabinet.access import (
    AccessDenied,
    Authorization,
    Family,
    Function,
    Level,
    Lifetimes,
    Policy,
    Refusal,
    Rule,
    Source,
)
from opencabinet.access.history import store
from opencabinet.access.history.jobs import forget_old_authorizations
from opencabinet.access.history.model import Fact, known
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


async def uses(conn: Connection, login: int) -> list[Authorization]:
    """Give what is told of an account but for the change of its password."""
    return [row for row in await told(conn, login) if not row.action.startswith("credential")]


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


async def refuse(conn: Connection, login: int | None, source: Source = HOME, rule: str = WRONG) -> None:
    """Tell of a refused request, as the writer does."""
    fact = Fact(login=known(login), source=source, action="token.request", family="client", rule=rule)
    await store.tell(conn, [(fact, 1)], [])


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


async def test_a_change_is_told_with_what_was_and_what_is(conn: Connection) -> None:
    login = (await make.account(conn)).login
    await access.close_account(conn, login, [access.network("192.0.2.0/24")])
    await access.open_account(conn, login, HOME)

    opened, closed = sorted(await told(conn, login), key=lambda row: row.id, reverse=True)

    assert (closed.channel, closed.action, closed.granted, closed.address) == ("cli", "policy.change", True, None)
    assert closed.detail == {
        "previous": {"default": {"level": "password"}},
        "current": {"default": {"level": "both", "networks": ["192.0.2.0/24"]}},
    }
    assert (opened.channel, opened.address, opened.rule) == (
        "v1",
        HOME.address,
        "the default is open, with 0 rules of single functions",
    )
    assert opened.detail["current"] == {"default": {"level": "open"}}


async def test_of_a_change_only_the_rows_are_told_that_changed(conn: Connection) -> None:
    login = (await make.account(conn)).login
    rules = {Function.BALANCE: Rule(level=Level.OFF), Function.ORDERS: Rule(level=Level.OPEN, note="for all")}
    await access.set_policy(conn, login, Policy(rules=rules))
    await access.set_policy(conn, login, Policy(rules={Function.BALANCE: Rule(level=Level.OPEN)}))

    row = max(await told(conn, login), key=lambda row: row.id)

    assert row.detail == {
        "previous": {"balance": {"level": "off"}, "orders": {"level": "open", "note": "for all"}},
        "current": {"balance": {"level": "open"}},
    }


async def test_notes_make_no_change_unreadable(conn: Connection) -> None:
    login = (await make.account(conn)).login
    listed = (access.network("192.0.2.0/24"),)
    rule = Rule(level=Level.BOTH, networks=listed, note="n" * 200)
    await access.set_policy(conn, login, Policy(default=rule, rules=dict.fromkeys(Function, rule)))

    [row] = await told(conn, login)

    assert row.detail["previous"] == {"default": {"level": "password"}}
    whole = {"level": "both", "networks": ["192.0.2.0/24"]}
    assert row.detail["current"] == {name: whole for name in ("default", *Function)}  # noqa: C420 - clearer


async def test_of_the_longest_change_levels_and_counts_are_told(conn: Connection) -> None:
    login = (await make.account(conn)).login
    listed = [tuple(access.network(f"2001:db8:{number:x}::/48") for number in range(most)) for most in (100, 99)]
    for networks in listed:
        rule = Rule(level=Level.BOTH, networks=networks, note="n" * 200)
        await access.set_policy(conn, login, Policy(default=rule, rules=dict.fromkeys(Function, rule)))

    row = max(await told(conn, login), key=lambda row: row.id)

    for name, most in (("previous", 100), ("current", 99)):
        found = row.detail[name].values()
        assert len(found) == 1 + len(Function)
        assert {(each["level"], each["networks"]) for each in found} == {("both", most)}
    assert row.detail["previous"]["balance"]["sha256"] != row.detail["current"]["balance"]["sha256"]


async def test_a_long_value_is_told_by_its_hash(conn: Connection) -> None:
    login = (await make.account(conn)).login
    await access.changed(conn, login, "credential.change", HOME, rule="long", value="x" * 2000)

    [row] = await told(conn, login)

    assert set(row.detail["value"]) == {"sha256", "bytes"}


async def test_a_change_that_is_undone_is_not_told(conn: Connection) -> None:
    login = (await make.account(conn)).login
    async with conn.transaction(force_rollback=True):
        await access.open_account(conn, login)

    assert await told(conn, login) == []


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
