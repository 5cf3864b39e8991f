"""Webhooks over the wire: made, shown, changed, tried and dropped by the account's owner."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from opencabinet import access
from opencabinet.accounts import Account
from opencabinet.db import Connection, outbox
from opencabinet.settings import Settings
from tests import make
from tests.doors.v1.asking import asked, path, problem_of, refused, signed_in
from tests.doors.v1.keyed import PROVED_LONG_AGO, bearing, made

URL = "https://hooks.example.com/cabinet"
WHOLE = {
    "url": URL,
    "name": "my page",
    "payload": "thin",
    "types": ["trade.*", "margin.low"],
    "symbols": ["EURUSD"],
    "net_over": "100.50",
    "lots_over": "0.10",
    "margin_level_under": "80",
}
Made = Callable[..., Awaitable[Any]]


@pytest.fixture
def hook(site: httpx.AsyncClient, account: Account, own: dict[str, str]) -> Made:
    """Make a webhook of the account."""

    async def make_hook(**given: Any) -> Any:
        answer = await site.post(path(account.login, "webhooks"), json={"url": URL, **given}, headers=own)
        assert answer.status_code == 201, answer.text
        assert answer.headers["cache-control"] == "private, no-store"
        return answer.json()

    return make_hook


async def test_a_webhook_is_made_shown_once_listed_changed_and_dropped(
    site: httpx.AsyncClient, committed: Connection, account: Account, own: dict[str, str], hook: Made
) -> None:
    answer = await hook(**WHOLE)
    secret, shown = answer["secret"], answer["webhook"]
    where = path(account.login, f"webhooks/{shown['id']}")

    assert secret.startswith("whsec_")
    assert {name: shown[name] for name in WHOLE} == WHOLE | {"net_over": "100.5", "lots_over": "0.1"}
    assert (shown["state"], shown["reason"], shown["failing_since"]) == ("active", None, None)
    listed = await asked(site, path(account.login, "webhooks"), own)
    assert listed == {"data": [shown], "has_more": False}
    assert secret not in str(listed)
    kept = await committed.value("SELECT secret FROM webhook_endpoints")
    assert secret.encode() not in kept

    changed = await site.put(where, json={"url": URL + "/2", "state": "paused"}, headers=own)
    assert changed.json()["types"] == []
    assert (changed.json()["url"], changed.json()["state"]) == (URL + "/2", "paused")
    assert changed.json()["reason"] == "It was paused by its owner."
    assert (await site.delete(where, headers=own)).json() == {"webhooks": 1}
    assert problem_of(await site.delete(where, headers=own)) == (404, "not_found")
    rows = (await asked(site, path(account.login, "authorizations"), own))["data"]
    told = sorted(each["rule"] for each in rows if each["action"] == "webhook.change")
    assert told == ["a webhook is changed", "a webhook is dropped", "a webhook is made"]
    assert "hooks.example.com" in str(rows)
    assert "/cabinet" not in str(rows), "The rest of an address may be a secret."


async def test_a_secret_is_made_anew(
    site: httpx.AsyncClient, account: Account, own: dict[str, str], hook: Made
) -> None:
    first = await hook()
    where = path(account.login, f"webhooks/{first['webhook']['id']}/secret")

    answer = await site.post(where, headers=own)

    new = answer.json()
    assert new["secret"].startswith("whsec_")
    assert new["secret"] != first["secret"]
    [shown] = (await asked(site, path(account.login, "webhooks"), own))["data"]
    assert shown["previous_until"] == new["previous_until"]


async def test_a_test_is_an_event_of_the_account(
    site: httpx.AsyncClient, committed: Connection, account: Account, own: dict[str, str], hook: Made
) -> None:
    shown = (await hook())["webhook"]
    where = path(account.login, f"webhooks/{shown['id']}")

    answer = await site.post(f"{where}/test", headers=own)

    assert answer.status_code == 202
    [*_, event] = await outbox.since(committed, account.login, 0, 100)
    assert answer.json() == {"event": outbox.event_id(account.login, event.number)}
    assert (event.kind, event.body) == ("webhook.test", {"webhook": shown["id"]})
    await site.put(where, json={"url": URL, "state": "paused"}, headers=own)
    assert problem_of(await site.post(f"{where}/test", headers=own)) == (409, "conflict")


async def test_deliveries_are_replayed_and_listed_page_by_page(
    site: httpx.AsyncClient, committed: Connection, account: Account, own: dict[str, str], hook: Made
) -> None:
    numbers = [await outbox.append(committed, account.login, "trade.closed") for _ in range(5)]
    shown = (await hook(types=["trade.*"]))["webhook"]
    where = path(account.login, f"webhooks/{shown['id']}")
    names = [outbox.event_id(account.login, each) for each in numbers]
    assert (await asked(site, f"{where}/deliveries", own))["data"] == []

    one = await site.post(f"{where}/replay", json={"event": names[1]}, headers=own)
    assert (one.status_code, one.json()) == (202, {"queued": 1, "last": names[1], "has_more": False})
    answer = await site.post(f"{where}/replay", json={"since": names[0]}, headers=own)
    assert (answer.status_code, answer.json()["queued"]) == (202, 3)
    assert answer.json()["has_more"] is False
    by_time = {"since_at": "2026-01-01T00:00:00Z"}
    assert (await site.post(f"{where}/replay", json=by_time, headers=own)).json()["queued"] == 1

    first = await asked(site, f"{where}/deliveries", own, limit=3, state="waiting")
    rest = await asked(site, f"{where}/deliveries", own, limit=3, state="waiting", cursor=first["page"]["next_cursor"])
    rows = first["data"] + rest["data"]
    assert [each["event"] for each in rows] == names[::-1]
    assert rest["page"] == {"next_cursor": None, "has_more": False, "limit": 3}
    assert {(each["type"], each["state"], each["attempts"], str(each["log"])) for each in rows} == {
        ("trade.closed", "waiting", 0, "[]")
    }
    assert await refused(site, f"{where}/deliveries", own, limit=101) == (422, "too_much")
    assert await refused(site, f"{where}/deliveries", own, state="lost") == (400, "invalid_parameter")


@pytest.mark.parametrize(
    "body",
    [
        *({}, {"event": "evt_1_1"}, {"event": "57"}, {"event": None}, {"since": "evt_0_1"}, {"since": -1}),
        *({"since_at": "2026-01-01T00:00:00"}, {"since_at": "yesterday"}, {"others": "evt_1_1"}),
    ],
)
async def test_a_replay_must_say_what_of_this_account(
    site: httpx.AsyncClient, account: Account, own: dict[str, str], hook: Made, body: Any
) -> None:
    shown = (await hook())["webhook"]

    answer = await site.post(path(account.login, f"webhooks/{shown['id']}/replay"), json=body, headers=own)

    assert problem_of(answer) == (400, "malformed")


async def test_only_one_thing_is_replayed_at_once(
    site: httpx.AsyncClient, committed: Connection, account: Account, own: dict[str, str], hook: Made
) -> None:
    shown = (await hook())["webhook"]
    event = outbox.event_id(account.login, await outbox.append(committed, account.login, "trade.closed"))
    where = path(account.login, f"webhooks/{shown['id']}/replay")

    both = await site.post(where, json={"event": event, "since": event}, headers=own)
    unsent = await site.post(where, json={"event": event}, headers=own)
    again = await site.post(where, json={"event": event}, headers=own)
    never = await site.post(where, json={"event": event + "0"}, headers=own)

    assert problem_of(both) == (400, "malformed")
    assert (unsent.status_code, unsent.json()["queued"]) == (202, 1)
    assert problem_of(again) == (409, "conflict")
    assert problem_of(never) == (404, "not_found")


@pytest.mark.parametrize(
    "given",
    [
        *(
            {"url": "http://hooks.example.com/"},
            {"url": "https://127.0.0.1/x"},
            {"url": "https://0x7f.1/xx"},
            {"url": ""},
        ),
        *({"url": "https://user:pw@example.com/"}, {"url": "https://[::ffff:10.0.0.1]/"}, {"url": None}, {"url": 7}),
        *({"url": "https://example.com:22/"}, {"url": "https://example.com/" + "a" * 2048}, {"unknown": 1}),
        *({"types": ["trade.closed "]}, {"types": ["*"]}, {"types": ["TRADE"]}, {"types": ["a"] * 51}, {"types": "a"}),
        *({"types": ["a" * 41]}, {"symbols": [""]}, {"symbols": ["\x00"]}, {"symbols": ["A"] * 51}, {"payload": "big"}),
        *({"net_over": "-1"}, {"net_over": "1e9"}, {"net_over": "NaN"}, {"net_over": 5}, {"net_over": "1" * 13}),
        *({"lots_over": "0,5"}, {"margin_level_under": "0"}, {"margin_level_under": "0.00"}, {"lots_over": ""}),
        *({"margin_level_under": "0.000000001"}, {"name": "a" * 65}, {"name": "a\nb"}, {"name": "\ud800"[:0] + "\x9f"}),
        *({"net_over": "１"}, {"secret": "whsec_mine"}, {"state": "active"}),
    ],
)
async def test_what_is_no_webhook_is_refused(
    site: httpx.AsyncClient, committed: Connection, account: Account, own: dict[str, str], given: Any
) -> None:
    answer = await site.post(path(account.login, "webhooks"), json={"url": URL, **given}, headers=own)

    assert problem_of(answer) == (400, "malformed")
    assert await committed.value("SELECT count(*) FROM webhook_endpoints") == 0


@pytest.mark.parametrize(
    "text",
    [
        *(
            '{"url": "%s", "name": "\\ud800"}',
            '{"url": "%s", "symbols": ["\\udfff"]}',
            '{"url": "%s", "types": ["\\ud800"]}',
        ),
        *(
            '{"url": "%s", "name": "\\u0000"}',
            '{"url": "%s\\ud800"}',
            '["%s"]',
            '{"url": "%s"',
            '"%s"',
            '{"url": ["%s"]}',
        ),
    ],
)
async def test_no_body_is_a_fault_of_ours(
    site: httpx.AsyncClient, account: Account, own: dict[str, str], text: str
) -> None:
    headers = own | {"Content-Type": "application/json"}

    answer = await site.post(path(account.login, "webhooks"), content=text.replace("%s", URL), headers=headers)

    assert problem_of(answer) == (400, "malformed")


@pytest.mark.parametrize(("at", "queued"), [("0001-01-01T00:00:00+14:00", 1), ("9999-12-31T23:59:59.999999-12:00", 0)])
async def test_any_moment_may_be_replayed_from(
    site: httpx.AsyncClient,
    committed: Connection,
    account: Account,
    own: dict[str, str],
    hook: Made,
    at: str,
    queued: int,
) -> None:
    shown = (await hook(types=["trade.*"]))["webhook"]
    await outbox.append(committed, account.login, "trade.closed")

    answer = await site.post(path(account.login, f"webhooks/{shown['id']}/replay"), json={"since_at": at}, headers=own)

    assert (answer.status_code, answer.json()["queued"]) == (202, queued)


async def test_an_account_has_twenty_at_most(
    site: httpx.AsyncClient, account: Account, own: dict[str, str], hook: Made
) -> None:
    for _ in range(20):
        await hook()

    answer = await site.post(path(account.login, "webhooks"), json={"url": URL}, headers=own)

    assert problem_of(answer) == (409, "conflict")


async def test_nobody_reaches_the_webhooks_of_another(
    site: httpx.AsyncClient,
    committed: Connection,
    account: Account,
    own: dict[str, str],
    hook: Made,
    settings: Settings,
) -> None:
    shown = (await hook())["webhook"]
    other = (await make.account(committed)).login
    stranger = await signed_in(site, committed, other, settings)
    bodies = {"PUT": {"url": URL, "state": "active"}, "replay": {"since": f"evt_{other}_0"}}

    for verb, rest in (("PUT", ""), ("DELETE", ""), ("POST", "/secret"), ("POST", "/test"), ("POST", "/replay")):
        body = bodies.get(verb) or bodies.get(rest[1:])
        for number in (shown["id"], "whk_999999999", "whk_0", "key_1", "whk_x"):
            answer = await site.request(verb, path(other, f"webhooks/{number}{rest}"), json=body, headers=stranger)
            assert problem_of(answer) == (404, "not_found"), (verb, rest, number)
        answer = await site.request(
            verb, path(account.login, f"webhooks/{shown['id']}{rest}"), json=body, headers=stranger
        )
        assert problem_of(answer) == (404, "not_found")
    assert await refused(site, path(other, f"webhooks/{shown['id']}/deliveries"), stranger) == (404, "not_found")
    assert len((await asked(site, path(account.login, "webhooks"), own))["data"]) == 1


async def test_webhooks_are_never_open_and_change_with_a_fresh_proof_only(
    site: httpx.AsyncClient, committed: Connection, account: Account, own: dict[str, str], hook: Made
) -> None:
    shown = (await hook())["webhook"]
    where = path(account.login, "webhooks")
    await access.open_account(committed, account.login)
    assert await refused(site, where) == (401, "credential_needed")
    reader = await made(site, account.login, own, kind="server", name="reader", functions=["webhooks"])
    await committed.run(PROVED_LONG_AGO)

    for headers, refusal in ((own, (401, "proof_needed")), (bearing(reader["secret"]), (401, "proof_needed"))):
        for verb, rest, body in (
            ("POST", "", {"url": URL}),
            ("PUT", f"/{shown['id']}", {"url": URL, "state": "active"}),
            ("POST", f"/{shown['id']}/secret", None),
        ):
            answer = await site.request(verb, where + rest, json=body, headers=headers)
            assert problem_of(answer)[0] in {401, 403}, (verb, rest)
            assert problem_of(answer) == refusal or headers is not own
        assert len((await asked(site, where, headers))["data"]) == 1
