"""Changes that are asked for again by a key of the caller's are made once."""

import asyncio
from typing import Any, Final

import httpx
import pytest

from opencabinet.accounts import Account
from opencabinet.db import Connection, replays
from opencabinet.doors.v1.openapi import found
from opencabinet.settings import Settings
from tests.doors.legacy.asking import litestar
from tests.doors.v1.asking import filled, path, problem_of, signed_in
from tests.doors.v1.keyed import SERVER, bearing, made

NAMED: Final = {"Idempotency-Key": "0b5c6f9e-made-once"}
OTHER: Final = {"kind": "server", "name": "other", "functions": ["balance"]}
A_DAY_AGO: Final = "UPDATE replays SET kept_at = now() - interval '24 hours'"


async def make(site: httpx.AsyncClient, login: int, own: dict[str, str], body: Any = SERVER) -> httpx.Response:
    """Ask for a key by a name."""
    return await site.post(path(login, "keys"), json=body, headers={**own, **NAMED})


async def keys(site: httpx.AsyncClient, login: int, own: dict[str, str]) -> int:
    """Return how many keys an account has."""
    return len((await site.get(path(login, "keys"), headers=own)).json()["data"])


async def test_a_change_that_is_asked_for_again_is_made_once_and_answered_as_before(
    site: httpx.AsyncClient, other_site: httpx.AsyncClient, account: Account, own: dict[str, str]
) -> None:
    first = await make(site, account.login, own)

    assert first.status_code == 201
    assert "idempotent-replayed" not in first.headers
    for again in (await make(site, account.login, own), await make(other_site, account.login, own)):
        assert (again.status_code, again.content) == (201, first.content)
        assert again.headers["idempotent-replayed"] == "true"
        assert again.headers["cache-control"] == "private, no-store"
    assert await keys(site, account.login, own) == 1


async def test_who_lost_the_answer_with_the_token_may_ask_with_another(
    site: httpx.AsyncClient, committed: Connection, account: Account, own: dict[str, str], settings: Settings
) -> None:
    first = await make(site, account.login, own)

    newer = await signed_in(site, committed, account.login, settings)
    assert (await make(site, account.login, newer)).content == first.content


async def test_something_else_by_the_same_key_is_refused(
    site: httpx.AsyncClient, account: Account, own: dict[str, str]
) -> None:
    await make(site, account.login, own)

    another = await make(site, account.login, own, OTHER)
    assert problem_of(another) == (422, "key_reused")
    assert another.json()["detail"].startswith("Something else was asked")
    elsewhere = await site.post(path(account.login, "tickets"), json={}, headers={**own, **NAMED})
    assert problem_of(elsewhere) == (422, "key_reused")
    assert await keys(site, account.login, own) == 1


async def test_keys_of_one_caller_are_not_anothers(
    site: httpx.AsyncClient, committed: Connection, account: Account, own: dict[str, str], settings: Settings
) -> None:
    other = await filled(committed)
    theirs = await signed_in(site, committed, other.login, settings)

    mine, another = await make(site, account.login, own), await make(site, other.login, theirs)

    assert another.status_code == 201
    assert "idempotent-replayed" not in another.headers
    assert mine.json()["secret"] != another.json()["secret"]


async def test_programs_with_keys_of_their_own_are_callers_of_their_own(
    site: httpx.AsyncClient, account: Account, own: dict[str, str]
) -> None:
    given = {"kind": "server", "name": "hooks", "functions": ["changes"]}
    programs = [bearing((await made(site, account.login, own, **given))["secret"]) for _ in range(2)]

    tickets = [
        await site.post(path(account.login, "tickets"), json={}, headers={**program, **NAMED}) for program in programs
    ]

    assert [each.status_code for each in tickets] == [201, 201]
    assert tickets[0].json()["ticket"] != tickets[1].json()["ticket"]


async def test_of_many_who_ask_at_once_one_makes_it(
    site: httpx.AsyncClient, account: Account, own: dict[str, str]
) -> None:
    answers = await asyncio.gather(*(make(site, account.login, own) for _ in range(8)))

    said = {problem_of(each) for each in answers if each.status_code != 201}
    assert said <= {(409, "still_running")}
    assert len({each.content for each in answers if each.status_code == 201}) == 1
    assert await keys(site, account.login, own) == 1


async def test_while_it_is_being_made_others_are_told_to_wait(
    site: httpx.AsyncClient, committed: Connection, account: Account, own: dict[str, str], database: str
) -> None:
    await make(site, account.login, own)
    key = await committed.value("SELECT key FROM replays")
    async with await Connection.open(database) as other, other.transaction():
        assert await replays.hold(other, account.login, key)
        waiting = await make(site, account.login, own)

    assert problem_of(waiting) == (409, "still_running")
    assert waiting.headers["retry-after"] == "1"
    assert (await make(site, account.login, own)).status_code == 201


async def test_what_is_refused_is_not_kept(site: httpx.AsyncClient, account: Account, own: dict[str, str]) -> None:
    refused = {"kind": "server", "name": "", "functions": []}

    assert (await make(site, account.login, own, refused)).status_code in {400, 422}
    assert (await make(site, account.login, own)).status_code == 201


async def test_a_day_later_it_is_forgotten(
    site: httpx.AsyncClient, committed: Connection, account: Account, own: dict[str, str]
) -> None:
    first = await make(site, account.login, own)
    await committed.execute(A_DAY_AGO)

    second = await make(site, account.login, own)

    assert second.json()["secret"] != first.json()["secret"]
    await committed.execute(A_DAY_AGO)
    assert await replays.forget(committed) == 1
    assert await replays.forget(committed) == 0


async def test_what_was_sealed_under_another_key_file_is_not_made_again(
    site: httpx.AsyncClient, committed: Connection, account: Account, own: dict[str, str]
) -> None:
    await make(site, account.login, own)
    for answer in (b"", b"x" * 60):
        await committed.run("UPDATE replays SET answer = %(answer)s", answer=answer)

        assert problem_of(await make(site, account.login, own)) == (422, "key_reused")
    assert await keys(site, account.login, own) == 1


async def test_webhooks_are_made_tried_and_given_secrets_once(
    site: httpx.AsyncClient, committed: Connection, account: Account, own: dict[str, str]
) -> None:
    async def twice(rest: str, body: Any = None) -> Any:
        shown = {**own, "Idempotency-Key": rest}
        first, second = [await site.post(path(account.login, rest), json=body, headers=shown) for _ in range(2)]
        assert first.is_success, first.text
        assert (second.status_code, second.content) == (first.status_code, first.content)
        assert second.headers["idempotent-replayed"] == "true"
        return first.json()

    made = await twice("webhooks", {"url": "https://hooks.example.com/cabinet"})
    where = f"webhooks/{made['webhook']['id']}"
    event = (await twice(f"{where}/test"))["event"]
    await twice(f"{where}/secret")
    await twice(f"{where}/replay", {"since": event})

    assert len((await site.get(path(account.login, "webhooks"), headers=own)).json()["data"]) == 1
    assert await committed.value("SELECT count(*) FROM events WHERE kind = 'webhook.test'") == 1


async def test_whatever_is_made_by_post_can_be_made_once(site: httpx.AsyncClient) -> None:
    posts = {each.id for each in found(litestar(site)) if each.verb == "POST" and not each.once}

    assert (
        posts
        == {
            "access.compare_policies": "changes nothing",
            "access.preview_policy": "changes nothing",
            "access.simulate": "changes nothing",
            "credentials.revoke_everything": "takes away the token that would ask again",
            "feeds.take_rows": "batches are numbered",
            "partners.check_referral": "changes nothing",
            "partners.simulate_trade": "changes nothing",
            "tokens.create_token": "is asked without a token",
            "tokens.create_widget_ticket": "is good for a minute: another is as good",
            "tokens.exchange_ticket": "is asked without a token, and uses the ticket up",
        }.keys()
    )


async def test_nothing_that_is_kept_can_be_read_in_the_database(
    site: httpx.AsyncClient, committed: Connection, account: Account, own: dict[str, str]
) -> None:
    secret = (await make(site, account.login, own)).json()["secret"]

    kept = await committed.value("SELECT key || question || answer FROM replays")
    assert secret.encode() not in kept
    assert NAMED["Idempotency-Key"].encode() not in kept


@pytest.mark.parametrize("key", ["", "x" * 256, "two words", "sch\u00f6n", "tab\there"])
async def test_a_key_that_may_not_be_given_is_refused(
    site: httpx.AsyncClient, account: Account, own: dict[str, str], key: str
) -> None:
    sent = [*own.items(), ("Idempotency-Key", key.encode())]

    answer = await site.post(path(account.login, "keys"), json=SERVER, headers=sent)  # type: ignore[arg-type]  # bytes

    assert problem_of(answer) == (400, "invalid_parameter")
    assert answer.json()["param"] == "Idempotency-Key"
    assert await keys(site, account.login, own) == 0


async def test_two_keys_are_one_too_many(site: httpx.AsyncClient, account: Account, own: dict[str, str]) -> None:
    sent = [*own.items(), ("Idempotency-Key", "a"), ("Idempotency-Key", "b")]

    answer = await site.post(path(account.login, "keys"), json=SERVER, headers=sent)

    assert problem_of(answer) == (400, "invalid_parameter")
