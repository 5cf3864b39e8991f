"""Rights over held answers: they end to the moment, and hold for whoever asks, from wherever."""

import asyncio
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from opencabinet import access
from opencabinet.access import Family, Function, Hidden, Level, Policy, Redaction, Rule
from opencabinet.db import Connection
from opencabinet.edge.fills import seconds
from opencabinet.edge.front import Edge
from opencabinet.settings import Settings
from tests import make
from tests.doors.legacy import asking as legacy
from tests.doors.showing import Making
from tests.doors.v1.asking import filled, path, signed_in
from tests.doors.v1.policies import saved
from tests.edge.holding import Watched
from tests.edge.test_held import LEGACY, opened


async def test_what_a_process_changes_counts_from_its_next_request(
    whole: Edge, held: httpx.AsyncClient, committed: Connection, settings: Settings
) -> None:
    account = await opened(committed, whole)
    own = await signed_in(held, committed, account.login, settings)
    where = path(account.login, "trades/closed")
    for _ in range(20):
        assert (await held.get(where)).status_code == 200
        assert (await held.get(where, headers=own)).status_code == 200
        changed = await saved(held, account, own, {"default": {"level": "password"}})
        assert changed.status_code == 200, changed.text
        assert (await held.get(where)).status_code == 401
        changed = await saved(held, account, own, {"default": {"level": "open"}})
        assert (await held.get(where)).status_code == 200
    assert (await held.delete(path(account.login, "tokens"), headers=own)).status_code == 200
    assert (await held.get(where, headers=own)).status_code == 401


async def test_a_token_that_is_revoked_opens_nothing_held(
    whole: Edge, held: httpx.AsyncClient, committed: Connection, settings: Settings
) -> None:
    account = await filled(committed)
    token = await make.token(committed, account.login, settings)
    where, shown = LEGACY[2].format(account.login), {"passkey": token}
    assert (await held.get(where, headers=shown)).status_code == 200
    assert (await held.get(where, headers=shown)).status_code == 200

    await access.revoke(committed, account.login)
    await whole.coherence.catch_up()

    assert (await held.get(where, headers=shown)).status_code == 403


async def test_a_token_is_good_no_longer_than_it_lives(
    whole: Edge, held: httpx.AsyncClient, committed: Connection, settings: Settings
) -> None:
    account = await filled(committed)
    token = await make.token(committed, account.login, settings)
    where, shown = LEGACY[2].format(account.login), {"passkey": token}
    await committed.run("UPDATE tokens SET expires_at = now() + interval '3 s'")
    await whole.coherence.catch_up()
    watched = Watched(whole)
    assert [(await held.get(where, headers=shown)).status_code for _ in range(2)] == [200, 200]
    assert watched()["hits"] == 1

    await asyncio.sleep(3)

    assert (await held.get(where, headers=shown)).status_code == 403


async def test_a_rule_that_ends_closes_what_is_held_at_that_moment(
    whole: Edge, held: httpx.AsyncClient, committed: Connection
) -> None:
    account = await filled(committed)
    ends = datetime.now(UTC) + timedelta(seconds=3)
    await access.set_policy(committed, account.login, Policy(default=Rule(level=Level.OPEN, expires_at=ends)))
    await whole.coherence.catch_up()
    where, watched = path(account.login, "trades/closed"), Watched(whole)
    assert [(await held.get(where)).status_code for _ in range(2)] == [200, 200]
    assert watched()["hits"] == 1

    await asyncio.sleep(max(0.0, (ends - datetime.now(UTC)).total_seconds()) + 0.01)

    assert (await held.get(where)).status_code == 401


async def test_a_rule_that_ends_lets_what_was_left_out_be_decided_anew_at_that_moment(
    whole: Edge, held: httpx.AsyncClient, committed: Connection
) -> None:
    """Everybody may read before and after; money is told by the rule that ends, and hidden by the one behind it."""
    account = await filled(committed)
    ends = datetime.now(UTC) + timedelta(seconds=3)
    without = Rule(level=Level.OPEN, redaction=Redaction(hide=frozenset({Hidden.MONEY, Hidden.VOLUMES})))
    rules = {Function.CLOSED_TRADES: Rule(level=Level.OPEN, expires_at=ends)}
    await access.set_policy(committed, account.login, Policy(default=without, rules=rules))
    await whole.coherence.catch_up()
    where, watched = path(account.login, "trades/closed"), Watched(whole)
    assert ["profit" in (await held.get(where)).json()["data"][0] for _ in range(2)] == [True, True]
    assert watched()["hits"] == 1

    await asyncio.sleep(max(0.0, (ends - datetime.now(UTC)).total_seconds()) + 0.01)

    assert "profit" not in (await held.get(where)).json()["data"][0]


async def test_a_rule_that_ends_lets_who_may_keep_it_be_decided_anew_at_that_moment(
    whole: Edge, held: httpx.AsyncClient, committed: Connection, settings: Settings
) -> None:
    """Its owner may read before and after; while everybody may, it is told so."""
    account = await filled(committed)
    own = await signed_in(held, committed, account.login, settings)
    ends = datetime.now(UTC) + timedelta(seconds=3)
    await access.set_policy(committed, account.login, Policy(default=Rule(level=Level.OPEN, expires_at=ends)))
    await whole.coherence.catch_up()
    where, watched = path(account.login, "trades/closed"), Watched(whole)
    for _ in range(2):
        assert (await held.get(where, headers=own)).headers["cache-control"] == "public, no-cache"
    assert watched()["hits"] == 1

    await asyncio.sleep(max(0.0, (ends - datetime.now(UTC)).total_seconds()) + 0.01)

    assert (await held.get(where, headers=own)).headers["cache-control"] == "private, no-store"


async def test_addresses_that_are_not_listed_get_nothing_held(
    whole: Edge, held: httpx.AsyncClient, committed: Connection
) -> None:
    account = await filled(committed)
    rule = Rule(level=Level.ADDRESS, networks=(access.network("192.0.2.0/30"),))
    await access.set_policy(committed, account.login, Policy(default=rule))
    await whole.coherence.catch_up()
    where, watched = path(account.login, "trades/closed"), Watched(whole)

    for address, expected in (("192.0.2.1", 200), ("192.0.2.1", 200), ("192.0.2.9", 401), ("192.0.2.2", 200)):
        legacy.come_from(held, address)
        assert (await held.get(where)).status_code == expected, address

    assert watched() == {"hits": 1, "misses": 3, "stored": 2}
    for address in ("192.0.2.1", "192.0.2.2"):
        legacy.come_from(held, address)
        assert (await held.get(where)).status_code == 200
    assert watched() == {"hits": 2}, "Each listed address has its own."


async def test_a_network_that_is_new_is_told_to_the_history(
    whole: Edge, held: httpx.AsyncClient, committed: Connection, settings: Settings
) -> None:
    account = await filled(committed)
    shown = {"passkey": await make.token(committed, account.login, settings)}
    await whole.coherence.catch_up()
    where, watched = LEGACY[2].format(account.login), Watched(whole)
    for address in ("192.0.2.1", "198.51.100.1", "192.0.2.1", "198.51.100.9"):
        legacy.come_from(held, address)
        assert (await held.get(where, headers=shown)).status_code == 200

    assert watched() == {"hits": 2, "misses": 2, "stored": 2}
    kept = "SELECT count(DISTINCT network) FROM authorizations WHERE login = %(login)s AND action = 'use'"
    assert await committed.value(kept, login=account.login) == 2


async def test_a_use_of_a_credential_is_noted_where_the_answer_is_held(
    whole: Edge, held: httpx.AsyncClient, committed: Connection, settings: Settings
) -> None:
    account = await filled(committed)
    shown = {"passkey": await make.token(committed, account.login, settings)}
    await whole.coherence.catch_up()
    where, watched, uses = LEGACY[2].format(account.login), Watched(whole), legacy.litestar(held).state.uses
    assert (await held.get(where, headers=shown)).status_code == 200
    await uses.write()
    await committed.run("UPDATE tokens SET last_used_at = NULL")

    assert (await held.get(where, headers=shown)).status_code == 200
    await uses.write()

    assert watched()["hits"] == 1
    assert await committed.value("SELECT count(*) FROM tokens WHERE last_used_at IS NOT NULL") == 1


async def test_the_first_reading_of_each_day_is_told_to_the_history(
    whole: Edge, held: httpx.AsyncClient, committed: Connection
) -> None:
    account = await opened(committed, whole)
    assert (await held.get(path(account.login, "trades/closed"))).status_code == 200
    [kept] = whole.answers._held.values()  # noqa: SLF001 - nobody else needs it
    evening = datetime(2026, 3, 2, 23, 59, 30, tzinfo=UTC)

    assert seconds(kept.judged, evening) == 30, "Then it is asked of the application again, which tells."
    assert seconds(kept.judged, evening - timedelta(hours=20)) == 20 * 3600 + 30


async def test_a_delay_moves_on_while_an_answer_is_held(
    whole: Edge, held: httpx.AsyncClient, committed: Connection
) -> None:
    account = await filled(committed)
    rule = Rule(level=Level.OPEN, redaction=Redaction(delay_minutes=15))
    await access.set_policy(committed, account.login, Policy(default=rule))
    await whole.coherence.catch_up()
    await held.get(path(account.login, "trades/closed"))

    [kept] = whole.answers._held.values()  # noqa: SLF001 - nobody else needs it

    left = 60 - datetime.now(UTC).second
    assert 0 < kept.until - kept.asked_at <= 60
    assert abs(kept.until - kept.asked_at - left) < 2 or left == 60


@pytest.mark.parametrize("function", sorted(each for each in Function if each.private))
async def test_what_is_private_is_never_held(
    whole: Edge, held: httpx.AsyncClient, committed: Connection, settings: Settings, function: Function
) -> None:
    account = await filled(committed)
    bearer = await Making(committed, account.login, settings).session(function.family)
    rest = {
        Function.STATEMENT: "statement.csv",
        Function.AUTHORIZATIONS: "authorizations",
        Function.ACCESS: "access-policy",
        Function.CHANGES: "changes",
        Function.WEBHOOKS: "webhooks",
        Function.PERSON: "tokens",
        Function.REFERRALS: "clients",
        Function.PROMOTION: "links",
        Function.PAYOUTS: "payouts",
    }[function]
    where = f"/v1/partners/{account.login}/{rest}" if function.family == Family.PARTNER else path(account.login, rest)
    watched = Watched(whole)
    for _ in range(2):
        answer = await held.get(where, headers={"Authorization": f"Bearer {bearer.bearer}"})
        assert answer.status_code in {200, 404}, answer.text

    assert watched() == {"bypassed": 2}
