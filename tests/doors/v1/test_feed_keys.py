"""Who may push rows of a server: whoever shows a key of a feed, and nobody else's server."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from opencabinet import access
from opencabinet.access import secrets
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.ingest import feeds
from tests.doors.legacy.asking import come_from
from tests.doors.v1.feeding import ACCOUNT, DEPOSIT, SERVER, Pusher, cursor, lines, problem, pusher


async def test_a_server_that_is_not_the_keys_is_answered_as_one_that_is_not_known(
    bridge: Pusher, committed: Connection
) -> None:
    await pusher(bridge.site, committed, "Live-2")

    answers = [await bridge.send(1, ACCOUNT, server=each) for each in ("Live-2", "Live-9", "live-1", "Live-1 ", "")]

    assert [problem(each) for each in answers] == [(404, "not_found")] * 5
    told = [{**each.json(), "instance": "", "request_id": ""} for each in answers]
    assert told == [told[0]] * 5
    assert await cursor(committed, "Live-2") is None


@pytest.mark.parametrize("shown", ["", "Basic x", "Bearer", "Bearer x", "Bearer ocf_x"])
async def test_without_a_feed_key_nothing_is_read(bridge: Pusher, shown: str) -> None:
    answer = await bridge.post(lines(ACCOUNT), server=SERVER, sequence=1, headers={"Authorization": shown})

    assert answer.status_code == 401
    assert problem(answer)[1] in {"credential_needed", "invalid_credential"}


async def test_an_accounts_own_keys_bring_nothing_in(
    bridge: Pusher, account: Account, own: dict[str, str], committed: Connection
) -> None:
    key = {"kind": "server", "name": "a", "functions": ["balance"]}
    made = await bridge.site.post(f"/v1/accounts/{account.login}/keys", json=key, headers=own)

    for shown in (own["Authorization"], f"Bearer {made.json()['secret']}"):
        answer = await bridge.post(lines(ACCOUNT), server=SERVER, sequence=1, headers={"Authorization": shown})
        assert problem(answer) == (401, "invalid_credential")
    assert await cursor(committed) is None


async def test_a_feed_key_reads_no_account(bridge: Pusher, account: Account) -> None:
    own = {"Authorization": f"Bearer {bridge.key}"}

    answer = await bridge.site.get(f"/v1/accounts/{account.login}/balance", headers=own)

    assert problem(answer) == (401, "invalid_credential")


async def test_a_key_is_good_from_its_networks(site: httpx.AsyncClient, committed: Connection) -> None:
    bridge = await pusher(site, committed, address="203.0.113.0/24")

    assert problem(await bridge.send(1)) == (401, "invalid_credential")
    come_from(site, "203.0.113.7")
    assert (await bridge.send(1)).status_code == 200


async def test_a_key_that_is_revoked_while_its_batch_comes_brings_nothing_in(
    bridge: Pusher, committed: Connection
) -> None:
    async def body() -> AsyncIterator[bytes]:
        yield lines(ACCOUNT)
        await access.revoke_feed_key(committed, bridge.number)
        yield lines(DEPOSIT)

    assert problem(await bridge.post(body(), server=SERVER, sequence=1)) == (401, "invalid_credential")
    assert await cursor(committed) is None
    assert problem(await bridge.send(1)) == (401, "invalid_credential")


async def test_a_key_in_the_address_is_refused_and_not_looked_at(bridge: Pusher) -> None:
    for given in ({"key": bridge.key}, {"server": bridge.key}):
        query: dict[str, Any] = {"server": SERVER, "sequence": 1, **given}
        answer = await bridge.post(b"", **query)
        assert problem(answer) == (400, "credential_in_query")


async def test_guesses_at_feed_keys_are_throttled_and_a_right_key_is_let_in(
    bridge: Pusher, committed: Connection
) -> None:
    wrong = Pusher(bridge.site, secrets.make_token(access.Kind.FEED), 0)

    statuses = [(await wrong.send(1)).status_code for _ in range(62)]

    assert statuses == [401] * 60 + [429] * 2
    assert (await bridge.send(1)).status_code == 200
    await committed.run("DELETE FROM throttles")


async def test_the_server_of_another_kind_of_feed_takes_no_rows(bridge: Pusher, committed: Connection) -> None:
    await feeds.know(committed, "Live-3", "mt5", "UTC")
    other = await access.make_feed_key(committed, access.NewFeedKey(name="a", servers=("Live-3",)))

    answer = await Pusher(bridge.site, other.secret, 0).send(1, ACCOUNT, server="Live-3")

    assert problem(answer) == (409, "conflict")


async def test_what_the_log_hears_of_a_refused_key_is_not_the_key(
    bridge: Pusher, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = Pusher(bridge.site, secrets.make_token(access.Kind.FEED), 0)

    await wrong.send(1)

    said = capsys.readouterr()
    assert "the feed key is unknown" in said.out + said.err
    assert wrong.key not in said.out + said.err
