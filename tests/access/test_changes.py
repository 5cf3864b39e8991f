"""What the history tells of changes: what was and what is, at any length."""

from opencabinet import access
from opencabinet.access import Function, Level, Policy, Rule
from opencabinet.db import Connection
from tests import make
from tests.access.remembering import HOME, told


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
