"""Applying over v1: by anybody, once by a key, and looked at with the application's own token."""

from typing import Any

import httpx
import pytest

from opencabinet import onboarding
from opencabinet.db import Connection
from tests import make
from tests.doors.v1.asking import problem_of

WHERE = "/v1/applications"
FORM: dict[str, Any] = {"name": "Ann Example", "email": "ann@example.com", "country": "DE"}
NAMED = {"Idempotency-Key": "one"}
COUNT = "SELECT count(*) FROM applications"


async def apply(site: httpx.AsyncClient, headers: dict[str, str] | None = None, **given: Any) -> httpx.Response:
    """Apply."""
    return await site.post(WHERE, json={**FORM, **given}, headers=headers or {})


async def look(site: httpx.AsyncClient, number: str, token: str) -> httpx.Response:
    """Look at an application."""
    return await site.get(f"{WHERE}/{number}", headers={"X-Application-Token": token})


async def test_anybody_applies_and_looks_with_the_token(site: httpx.AsyncClient, committed: Connection) -> None:
    made = await apply(site, platform="mt4", leverage=100, subs=["a", "b"], phone="+49 30 1234567")

    assert made.status_code == 201, made.text
    assert made.headers["cache-control"] == "private, no-store"
    body = made.json()
    assert set(body) == {"id", "token", "state", "received_at"}
    seen = await look(site, body["id"], body["token"])
    assert seen.status_code == 200, seen.text
    assert seen.json() == {"id": body["id"], "state": "received", "received_at": body["received_at"], "login": None}

    login = (await make.account(committed)).login
    await onboarding.open_as(committed, int(body["id"].removeprefix("app_")), login)
    assert (await look(site, body["id"], body["token"])).json()["login"] == login


async def test_a_wrong_token_and_an_application_that_is_not_there_look_alike(site: httpx.AsyncClient) -> None:
    made = (await apply(site)).json()
    answers = [
        await look(site, made["id"], "oca_" + "0" * 49),
        await look(site, made["id"], "x" * 5000),
        await look(site, "app_5", made["token"]),
        await site.get(f"{WHERE}/{made['id']}"),
        await site.get(f"{WHERE}/{made['id']}", headers=[("X-Application-Token", made["token"])] * 2),
    ]

    assert {problem_of(each) for each in answers} == {(404, "not_found")}
    assert len({each.json()["detail"] for each in answers}) == 1
    for number in ("app_", "app_x", "key_5", "5", "app_" + "9" * 19, "app_-5"):
        assert problem_of(await look(site, number, made["token"])) == (404, "not_found")


async def test_by_one_key_an_application_is_made_once(site: httpx.AsyncClient, committed: Connection) -> None:
    first, again = await apply(site, NAMED), await apply(site, NAMED)

    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["idempotent-replayed"] == "true"
    assert (await look(site, first.json()["id"], first.json()["token"])).status_code == 200
    assert await committed.value(COUNT) == 1


async def test_the_key_of_one_applicant_is_not_anothers(site: httpx.AsyncClient, committed: Connection) -> None:
    first, other = await apply(site, NAMED), await apply(site, NAMED, email="bea@example.com")

    assert other.status_code == 201, other.text
    assert "idempotent-replayed" not in other.headers
    assert first.json()["id"] != other.json()["id"]
    assert await committed.value(COUNT) == 2


@pytest.mark.parametrize(
    "wrong",
    [
        *({"email": each} for each in ("", "x", "a@", 5, None, ["a@b.de"], "a b@c.de")),
        *({"country": each} for each in ("ZZ", "DEU", "", 1)),
        *({"name": each} for each in ("", "x" * 129, "a\u0000b", None)),
        *({"currency": each} for each in ("GBP", "usdx", "")),
        *({"platform": each} for each in ("mt6", "", None)),
        *({"leverage": each} for each in (0, -1, 5001, 1.5, "100", 1e30)),
        *({"subs": each} for each in (["a"] * 6, ["x" * 65], [1], "a")),
        *({"language": each} for each in ("english", "", "en\n")),
        {"phone": "x"},
        {"code": "x" * 65},
        {"click": "x" * 65},
        {"website": "x" * 201},
        {"state": "opened"},
        {"login": 1001001},
        {"id": "app_1"},
    ],
)
async def test_what_cannot_be_right_is_refused(
    site: httpx.AsyncClient, committed: Connection, wrong: dict[str, Any]
) -> None:
    answer = await apply(site, **wrong)

    assert problem_of(answer) == (400, "malformed")
    assert await committed.value(COUNT) == 0


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{", b'{"name": "\xff"}', b'{"name": "\\ud800"}', b"[" * 9000])
async def test_a_body_that_is_no_form_is_refused(site: httpx.AsyncClient, body: bytes) -> None:
    answer = await site.post(WHERE, content=body, headers={"Content-Type": "application/json"})

    assert problem_of(answer) == (400, "malformed")


async def test_a_form_of_a_page_is_not_read_without_json(site: httpx.AsyncClient) -> None:
    answer = await site.post(WHERE, data=FORM)

    assert problem_of(answer) == (415, "unsupported_media_type")


@pytest.mark.parametrize("given", [{"code": "no such code"}, {"click": "clk_garbled"}, {"keyword": ""}])
async def test_nobody_is_turned_away_for_who_referred_them(site: httpx.AsyncClient, given: dict[str, str]) -> None:
    assert (await apply(site, **given)).status_code == 201


async def test_what_fills_the_hidden_field_is_answered_like_any_other(
    site: httpx.AsyncClient, committed: Connection
) -> None:
    caught = await apply(site, website="https://spam.example")

    assert caught.status_code == 201
    assert set(caught.json()) == {"id", "token", "state", "received_at"}
    assert (await look(site, caught.json()["id"], caught.json()["token"])).json()["state"] == "received"
    assert await committed.value("SELECT state FROM applications") == "spam"


async def test_a_flood_of_one_network_is_told_to_wait(site: httpx.AsyncClient, committed: Connection) -> None:
    answers = [await apply(site, email=f"p{number}@example.com") for number in range(22)]

    assert [each.status_code for each in answers] == [201] * 20 + [429] * 2
    assert int(answers[-1].headers["retry-after"]) > 0
    assert await committed.value(COUNT) == 20
