"""The form that opens an account: taken from itself alone, without a cookie, and said again with what is wrong."""

from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from msgspec import structs

from opencabinet import app
from opencabinet.db import Connection
from opencabinet.settings import Settings
from tests.doors.promo.fragments.reading import attributes, hidden, read, text
from tests.doors.promo.fragments.shown import wrong
from tests.doors.promo.fragments.stocking import CODE
from tests.living import living

HERE: Final = {"Sec-Fetch-Site": "same-origin", "Origin": "http://cabinet.test"}
GOOD: Final = {
    "name": "Ann Example",
    "email": "ann@example.com",
    "country": "DE",
    "phone": "+49 30 1234567",
    "platform": "mt4",
    "currency": "EUR",
    "agreed": "yes",
    "lang": "en",
    "code": CODE,
    "click": "clk_abcdefghijklmnopqrstuv",
    "keyword": "spring",
    "s1": "one",
    "s3": "three",
}
KEPT: Final = """
SELECT name, email, country, phone, platform, currency, language, code, click, keyword, subs, state FROM applications
"""


async def kept(conn: Connection) -> list[Any]:
    """Return the applications that were kept."""
    async with conn.cursor() as cursor:
        await cursor.execute(KEPT)
        return await cursor.fetchall()


async def test_an_application_is_taken_with_where_it_came_from(site: httpx.AsyncClient, committed: Connection) -> None:
    answer = await site.post("/open-account", data=GOOD, headers=HERE)

    assert answer.status_code == 303
    where = urlsplit(answer.headers["location"])
    assert (where.scheme, where.netloc, where.path) == ("", "", "/open-account/thanks")
    thanks = await site.get(answer.headers["location"])
    (number,) = parse_qs(where.query)["number"]
    assert number in thanks.text
    assert int(number.removeprefix("app_")) == await committed.value("SELECT id FROM applications")
    assert await kept(committed) == [
        (
            *("Ann Example", "ann@example.com", "DE", "+49 30 1234567", "mt4", "EUR", "en", CODE),
            *("clk_abcdefghijklmnopqrstuv", "spring", ["one", "", "three"], "received"),
        )
    ]
    assert "set-cookie" not in answer.headers


async def test_what_an_address_says_is_carried_on_by_the_form(site: httpx.AsyncClient) -> None:
    given = {"code": CODE, "click": "clk_1", "s2": "two", "k": "spring", "theme": "dark", "accent": "f80", "id": "f1"}
    tree = read(await site.get("/open-account", params=given))

    carried = hidden(tree)
    assert carried == given | {"accent": "ff8800", "lang": "en"}
    form = attributes(tree, "form")
    assert (form["method"], form["action"]) == ("post", "/open-account")


@pytest.mark.parametrize("path", ["/open-account", "/landings/start", "/en/partner_open_account.aspx"])
async def test_an_address_may_fill_the_form_in_and_agrees_to_nothing(site: httpx.AsyncClient, path: str) -> None:
    tree = read(await site.get(path, params={"name": "Ann", "agreed": "yes"}))

    assert attributes(tree, "#name")["value"] == "Ann"
    assert "checked" not in attributes(tree, "#agreed")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://cabinet.test"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://partner.example"},
        {"Origin": "http://cabinet.test.partner.example"},
        {"Origin": "null"},
        {"Origin": "http://["},
        {"Origin": ""},
    ],
)
async def test_what_pages_of_others_send_is_refused(
    site: httpx.AsyncClient, committed: Connection, headers: dict[str, str]
) -> None:
    answer = await site.post("/open-account", data=GOOD, headers=headers)

    assert answer.status_code == 403
    assert "This was not sent from the form itself." in answer.text
    assert await kept(committed) == []


@pytest.mark.parametrize("headers", [{"Origin": "http://cabinet.test"}, {"Sec-Fetch-Site": "same-origin"}])
async def test_either_word_of_a_browser_is_enough(site: httpx.AsyncClient, headers: dict[str, str]) -> None:
    assert (await site.post("/open-account", data=GOOD, headers=headers)).status_code == 303


async def test_behind_a_proxy_the_address_of_the_world_is_ours_too(committed: Connection, settings: Settings) -> None:
    given = structs.replace(settings, public_url="https://cabinet.example")
    async with living(app.build(given)) as (client, _):
        answer = await client.post("/open-account", data=GOOD, headers={"Origin": "https://cabinet.example"})

    assert answer.status_code == 303
    assert len(await kept(committed)) == 1


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"name": ""}, "Please fill this in."),
        ({"email": ""}, "Please fill this in."),
        ({"email": "ann"}, "Write an address such as ann@example.com."),
        ({"country": "XX"}, "Choose one of the list."),
        ({"phone": "<script>"}, "Write the number with its country code, such as +44 20 7946 0000."),
        ({"name": "A" * 500}, "This is too long."),
        ({"agreed": ""}, "We cannot go on without it."),
    ],
)
async def test_what_is_wrong_is_said_at_its_field_and_the_rest_stays(
    site: httpx.AsyncClient, committed: Connection, given: dict[str, str], said: str
) -> None:
    answer = await site.post("/open-account", data=GOOD | given, headers=HERE)
    tree = read(answer)

    assert answer.status_code == 422
    assert answer.headers["cache-control"] == "no-store"
    assert wrong(answer) == [said]
    (name,) = given
    assert attributes(tree, f"#{name}")["aria-describedby"] == f"{name}-about"
    assert text(tree, f"#{name}-about") == said
    assert text(tree, "[role=alert]") == "Please look at what is marked."
    others = {each: attributes(tree, f"#{each}").get("value") for each in ("name", "email", "phone")}
    assert {each: GOOD[each] for each in others if each != name}.items() <= others.items()
    assert await kept(committed) == []


async def test_all_that_is_wrong_is_said_at_once(site: httpx.AsyncClient) -> None:
    answer = await site.post("/open-account", data={"lang": "ar"}, headers=HERE)

    assert len(wrong(answer)) == 4
    assert attributes(read(answer), "html")["dir"] == "rtl"


async def test_a_program_that_fills_the_hidden_field_learns_nothing(
    site: httpx.AsyncClient, committed: Connection
) -> None:
    answer = await site.post("/open-account", data=GOOD | {"website": "https://spam.example"}, headers=HERE)

    assert answer.status_code == 303
    assert [row[-1] for row in await kept(committed)] == ["spam"]


async def test_a_flood_is_told_to_wait_and_loses_nothing_typed(site: httpx.AsyncClient) -> None:
    answers = [
        await site.post("/open-account", data=GOOD | {"name": f"Ann Example {letter}"}, headers=HERE)
        for letter in "abcdefgh"
    ]

    last = answers[-1]
    assert answers[0].status_code == 303
    assert last.status_code == 429
    assert int(last.headers["retry-after"]) > 0
    assert 'value="Ann Example h"' in last.text
    assert "Too many requests came." in last.text


async def test_the_same_sent_twice_is_one_application(site: httpx.AsyncClient, committed: Connection) -> None:
    first, second = [await site.post("/open-account", data=GOOD, headers=HERE) for _ in range(2)]

    assert first.headers["location"] == second.headers["location"]
    assert len(await kept(committed)) == 1


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b'{"name": "Ann"}', "application/json", 400),
        (b"name=Ann", "text/plain", 400),
        (b"name=\xff", "application/x-www-form-urlencoded", 400),
        (b"&".join(b"f%d=1" % place for place in range(200)), "application/x-www-form-urlencoded", 400),
        (b"name=" + b"A" * 20_000, "application/x-www-form-urlencoded", 413),
    ],
)
async def test_what_is_no_form_of_ours_is_refused(
    site: httpx.AsyncClient, content: bytes, kind: str, status: int
) -> None:
    answer = await site.post("/open-account", content=content, headers=HERE | {"Content-Type": kind})

    assert answer.status_code == status
    assert answer.headers["content-type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize("number", ["", "app_", "app_x", "app_1<script>", "app_" + "1" * 50, "app_١"])
async def test_thanks_are_for_a_number(site: httpx.AsyncClient, number: str) -> None:
    assert (await site.get("/open-account/thanks", params={"number": number})).status_code == 404


async def test_the_old_address_shows_the_form_too(site: httpx.AsyncClient) -> None:
    given = {"x": CODE, "width": "300", "color": "ff8800", "host": "https://partner.example", "showlogo": "1"}
    answer = await site.get("/ar/partner_open_account.aspx", params=given)
    tree = read(answer)

    assert answer.status_code == 200
    told = attributes(tree, "html")
    assert (told["lang"], told["data-post"], told["data-host"]) == ("ar", "number", "https://partner.example")
    carried = hidden(tree)
    assert {"code": CODE, "accent": "ff8800", "width": "300"}.items() <= carried.items()


@pytest.mark.parametrize("host", ["http://partner.example", "javascript:alert(1)", "https://partner.example/x", "evil"])
async def test_a_host_that_is_no_origin_is_passed_over(site: httpx.AsyncClient, host: str) -> None:
    answer = await site.get("/en/partner_open_account.aspx", params={"host": host})

    assert "data-host" not in answer.text
    assert "javascript:" not in answer.text


async def test_an_old_address_of_no_language_is_not_found(site: httpx.AsyncClient) -> None:
    assert (await site.get("/client-area/partner_open_account.aspx")).status_code == 404
