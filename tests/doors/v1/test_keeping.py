"""Who may keep an answer, how it is asked for again, and which pages of others may read it."""

import httpx
import pytest

from opencabinet import access
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.settings import Settings
from tests.doors.v1.asking import LISTS, filled, path, signed_in

RESTS = ("", "balance", "summary", "trades/closed", "closed-lots", "series/balance")
ORIGIN = {"Origin": "https://shop.example"}


@pytest.mark.parametrize("rest", RESTS)
async def test_what_is_held_is_not_sent_again(
    site: httpx.AsyncClient, account: Account, own: dict[str, str], rest: str
) -> None:
    where = path(account.login, rest)
    first = await site.get(where, headers=own)
    tag = first.headers["etag"]

    for held in (tag, f'"other", {tag}', f"W/{tag}", "*"):
        again = await site.get(where, headers={**own, "If-None-Match": held})
        assert (again.status_code, again.content) == (304, b""), held
        for name in ("etag", "cache-control", "last-modified", "vary"):
            assert again.headers[name] == first.headers[name]
    for other in ('"other"', tag.strip('"'), "", f"{tag}x"):
        assert (await site.get(where, headers={**own, "If-None-Match": other})).status_code == 200, other


async def test_a_change_has_a_new_tag(
    site: httpx.AsyncClient, committed: Connection, account: Account, own: dict[str, str]
) -> None:
    where = path(account.login, "trades/closed")
    tag = (await site.get(where, headers=own)).headers["etag"]
    await committed.execute("UPDATE closed_trades SET comment = 'corrected'")

    assert (await site.get(where, headers={**own, "If-None-Match": tag})).status_code == 200


async def test_tags_differ_between_accounts_and_fields(
    site: httpx.AsyncClient, committed: Connection, account: Account, own: dict[str, str], settings: Settings
) -> None:
    other = await filled(committed)
    others = await signed_in(site, committed, other.login, settings)
    tags = [
        (await site.get(where, headers=headers)).headers["etag"]
        for where, headers in (
            (path(account.login, "balance"), own),
            (path(account.login, "balance?fields=equity"), own),
            (path(account.login, "balance?fields=balance"), own),
            (path(other.login, "balance"), others),
        )
    ]

    assert len(set(tags)) == len(tags)


async def test_nothing_is_held_for_whoever_may_not_have_it(
    site: httpx.AsyncClient, account: Account, own: dict[str, str]
) -> None:
    where = path(account.login, "balance")
    tag = (await site.get(where, headers=own)).headers["etag"]

    for held in (tag, "*"):
        assert (await site.get(where, headers={"If-None-Match": held})).status_code == 401


@pytest.mark.parametrize("rest", RESTS)
async def test_what_a_token_opens_is_the_callers_alone(
    site: httpx.AsyncClient, account: Account, own: dict[str, str], rest: str
) -> None:
    for headers in (own, {}):
        answer = await site.get(path(account.login, rest), headers={**headers, **ORIGIN})
        assert answer.headers["cache-control"] == "private, no-store"
        assert "access-control-allow-origin" not in answer.headers
        assert {"Authorization", "Origin"} <= set(answer.headers["vary"].split(", "))


@pytest.mark.parametrize("rest", RESTS)
async def test_what_is_open_may_be_kept_and_is_asked_for_again(
    site: httpx.AsyncClient, committed: Connection, account: Account, rest: str
) -> None:
    await access.open_account(committed, account.login)

    answer = await site.get(path(account.login, rest), headers=ORIGIN)

    assert answer.headers["cache-control"] == "public, no-cache"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers
    assert "set-cookie" not in answer.headers


async def test_what_is_never_open_is_never_public(
    site: httpx.AsyncClient, committed: Connection, account: Account, own: dict[str, str]
) -> None:
    await access.open_account(committed, account.login)

    answer = await site.get(path(account.login, "authorizations"), headers={**own, **ORIGIN})

    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "private, no-store"
    assert "access-control-allow-origin" not in answer.headers


async def test_closing_an_account_counts_for_what_was_kept(
    site: httpx.AsyncClient, committed: Connection, account: Account
) -> None:
    await access.open_account(committed, account.login)
    where = path(account.login, "balance")
    tag = (await site.get(where)).headers["etag"]
    assert (await site.get(where, headers={"If-None-Match": tag})).status_code == 304
    await access.close_account(committed, account.login)

    assert (await site.get(where, headers={"If-None-Match": tag})).status_code == 401


@pytest.mark.parametrize("rest", ["balance", *LISTS])
async def test_head_is_get_without_its_body(
    site: httpx.AsyncClient, account: Account, own: dict[str, str], rest: str
) -> None:
    get, head = [
        await site.request(verb, path(account.login, rest), headers={**own, "X-Request-Id": "same"})
        for verb in ("GET", "HEAD")
    ]

    assert head.content == b""
    assert (head.status_code, dict(head.headers)) == (get.status_code, dict(get.headers))
    assert int(head.headers["content-length"]) == len(get.content)


async def test_an_answer_says_of_when_it_is(site: httpx.AsyncClient, account: Account, own: dict[str, str]) -> None:
    answer = await site.get(path(account.login, "balance"), headers=own)

    assert answer.json()["as_of"] == "2026-11-02T12:00:00.000Z"
    assert answer.headers["last-modified"] == "Mon, 02 Nov 2026 12:00:00 GMT"


async def test_the_definition_may_be_read_from_anywhere(site: httpx.AsyncClient) -> None:
    answer = await site.get("/v1/openapi.json", headers=ORIGIN)

    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cache-control"] == "public, no-cache"
