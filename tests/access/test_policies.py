from datetime import UTC, datetime, timedelta

import pytest
from msgspec import structs

from opencabinet import access
from opencabinet.access import (
    Ask,
    Decision,
    Function,
    Ground,
    Hidden,
    Kind,
    Level,
    NewKey,
    Policy,
    Redaction,
    Rule,
    judge,
    peer,
    store,
)
from opencabinet.db import Connection
from opencabinet.db.outbox import Event
from opencabinet.kernel.ids import Login
from tests import make
from tests.access.asking import judged, owner

EVENTS = """
SELECT login, number, kind, body, xid::text::bigint AS xid, id, at
  FROM events WHERE login = %(login)s ORDER BY number
"""


async def events(conn: Connection, login: Login) -> list[Event]:
    """Give what was told of an account."""
    return await conn.fetch(Event, EVENTS, login=login)


async def test_a_new_account_is_closed(conn: Connection) -> None:
    login = (await make.account(conn)).login

    assert await judged(conn, login) == Decision(
        None, "the account is closed, and no credential was shown", Ground.NOTHING_SHOWN, row="default"
    )


async def test_an_open_account_needs_no_token(conn: Connection) -> None:
    login, token = await owner(conn)
    await access.open_account(conn, login)

    assert (await judged(conn, login)).rule == "the account is open"
    assert (await judged(conn, login, token)).granted == login
    assert (await judged(conn, login, "bad")).granted is None


async def test_closing_an_open_account_closes_it(conn: Connection) -> None:
    login = (await make.account(conn)).login
    await access.open_account(conn, login)
    await access.close_account(conn, login)

    assert (await judged(conn, login)).granted is None


async def test_only_listed_addresses_see_an_account_closed_to_others(conn: Connection) -> None:
    login, token = await owner(conn)
    await access.close_account(
        conn, login, [access.network("192.0.2.0/255.255.255.0"), access.network("2001:db8::/48")]
    )

    asked = {address: await judged(conn, login, token, address=address) for address in ("192.0.2.7", "2001:db8::7")}
    refused = await judged(conn, login, token, address="198.51.100.7")

    assert all(decision.granted == login for decision in asked.values())
    outside = Decision(None, "198.51.100.7 is outside the listed addresses", Ground.RULE, row="default")
    assert structs.replace(refused, bearer=None) == outside


async def test_new_addresses_replace_the_old_and_may_repeat(conn: Connection) -> None:
    login, token = await owner(conn)
    for text in ("192.0.2.0/24", "198.51.100.0/24"):
        await access.close_account(conn, login, [access.network(text)] * 2)

    assert (await judged(conn, login, token, address="192.0.2.7")).granted is None
    assert (await judged(conn, login, token, address="198.51.100.7")).granted == login


async def test_however_many_networks_are_listed_the_judge_reads_one_at_most(conn: Connection) -> None:
    login = (await make.account(conn)).login
    listed = tuple(access.network(f"203.0.{part}.0/24") for part in range(100))
    await access.close_account(conn, login, listed)
    new = NewKey(kind=Kind.SERVER, name="office", functions=frozenset({Function.BALANCE}), networks=listed)
    secret = (await access.make_key(conn, login, new)).secret

    async def read(address: str | None) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
        ask = Ask(login=login, function=Function.BALANCE, address=peer(address))
        ((grant, policy, *_),) = await store.judged(conn, [access.held(secret, Kind.SERVER, ask)])
        bound = grant.bearer.networks if grant.bearer else ()
        return tuple(map(str, policy.default.networks)), tuple(map(str, bound)), bool(judge(grant, policy, ask).granted)

    assert await read("203.0.99.7") == (("203.0.99.7/32",), ("203.0.99.7/32",), True)
    for outside in ("198.51.100.7", "2001:db8::7", None):
        assert await read(outside) == ((), ("203.0.0.0/24",), False)


async def test_opening_forgets_the_addresses(conn: Connection) -> None:
    login, token = await owner(conn)
    await access.close_account(conn, login, [access.network("198.51.100.0/24")])
    await access.open_account(conn, login)
    await access.close_account(conn, login)

    assert (await judged(conn, login, token)).granted == login


async def test_every_change_is_told(conn: Connection) -> None:
    login = (await make.account(conn)).login
    await access.open_account(conn, login)
    await access.close_account(conn, login, [access.network("192.0.2.0/24")])
    await access.revoke(conn, login)

    told = [(event.number, event.kind, event.body) for event in await events(conn, login)]

    assert told == [
        (1, "access.changed", {"rules": {"default": {"level": "open"}}}),
        (2, "access.changed", {"rules": {"default": {"level": "both", "networks": ["192.0.2.0/24"]}}}),
        (3, "access.revoked", {"tokens": 0}),
    ]


@pytest.mark.parametrize(
    ("networks", "expected"),
    [
        ("203.0.113.0/24", "wider"),
        ("203.0.112.0/23", "wider"),
        ("203.0.113.0/28 203.0.113.255", "wider"),
        ("203.0.113.0/29", "narrower"),
        ("203.0.113.4/31", "narrower"),
        ("203.0.113.0/29 203.0.113.8/29", "words"),
        ("203.0.113.8/28 203.0.113.9", "words"),
        ("203.0.113.0/29 203.0.113.9", "narrower"),
        ("203.0.113.8-203.0.113.16", "other"),
        ("255.255.255.255", "other"),
    ],
)
def test_a_difference_of_masks_is_told_by_the_addresses_that_they_hold(networks: str, expected: str) -> None:
    before = Rule(level=Level.ADDRESS, networks=access.networks("203.0.113.0/28"))
    listed = tuple(each for text in networks.split() for each in access.networks(text))
    after = Policy(default=Rule(level=Level.ADDRESS, networks=listed))

    changes = access.difference(Login(1), Policy(default=before), after, datetime.now(UTC))

    assert {change.effect for change in changes if not change.function.private} == {expected}


def test_a_difference_of_many_masks_is_told_by_every_one_of_them() -> None:
    listed = tuple(access.network(f"203.0.{part}.0/24") for part in range(100))
    before, after = (Policy(default=Rule(level=Level.ADDRESS, networks=each)) for each in (listed, listed[:-1]))

    changes = access.difference(Login(1), before, after, datetime.now(UTC))

    assert {change.effect for change in changes} == {"narrower"}


def test_a_rule_that_ends_locks_out_when_it_has_ended() -> None:
    now = datetime.now(UTC)
    elsewhere = Rule(level=Level.BOTH, networks=access.networks("203.0.113.0/24"))
    ask = Ask(login=Login(1), function=Function.ACCESS, address=peer("192.0.2.7"), at=now)
    lasting, ending = (Rule(expires_at=end) for end in (None, now + timedelta(hours=1)))

    def lost(rule: Rule) -> set[Function]:
        return {*access.locked_out(Policy(default=elsewhere, rules=dict.fromkeys(Function, rule)), ask)}

    assert lost(lasting) == set()
    assert lost(ending) == set(Function)
    assert access.locked_out(Policy(default=structs.replace(elsewhere, expires_at=now)), ask) == []


@pytest.mark.parametrize(
    ("closed", "default", "telling"),
    [
        ("balance", Redaction(), "summary, closed_trades, closed_lots, movements, bonuses, statistics"),
        ("movements", Redaction(), "summary, closed_trades, closed_lots, statistics"),
        ("open_trades", Redaction(), "summary, balance, bonuses, statistics"),
        ("open_trades", Redaction(without_symbols=frozenset({"XAUUSD"})), "summary"),
        ("balance", Redaction(hide=frozenset({Hidden.MONEY, Hidden.VOLUMES})), None),
        ("open_trades", Redaction(closed_only=True), None),
        ("orders", Redaction(), None),
    ],
)
def test_a_warning_says_what_tells_of_a_closed_function(closed: str, default: Redaction, telling: str | None) -> None:
    for level in (Level.OFF, Level.PASSWORD):
        rules = {Function(closed): Rule(level=level)}
        policy = Policy(default=Rule(level=Level.OPEN, redaction=default), rules=rules)
        said = [each for each in access.warnings(policy) if "strangers" in each]
        assert [each.partition(" from ")[2].partition(";")[0] for each in said] == ([telling] if telling else [])
        assert all(each.startswith(f"{closed}: ") for each in said)
    assert not list(access.warnings(Policy()))
