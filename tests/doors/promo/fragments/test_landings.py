"""Landing pages carry the partner's code into their links and their form."""

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from opencabinet import content
from opencabinet.db import Connection
from opencabinet.doors.promo.fragments.texts import TEXTS, Language
from opencabinet.kernel.ids import Login
from opencabinet.partners import clicks, links, programme
from opencabinet.partners.links import Destination, Wanted
from tests.doors.promo.fragments import stocking
from tests.doors.promo.fragments.reading import attributes, hidden, read, text
from tests.doors.promo.fragments.stocking import CODE


async def test_a_landing_page_has_a_form_with_the_code_in_it(site: httpx.AsyncClient) -> None:
    answer = await site.get("/landings/start", params={"code": CODE, "click": "clk_1", "s1": "one"})
    tree = read(answer)

    assert answer.status_code == 200
    carried = hidden(tree)
    assert {"code": CODE, "click": "clk_1", "s1": "one"}.items() <= carried.items()
    assert tree.css_first("#form form") is not None
    assert tree.css_first('a[href="#form"]') is not None


@pytest.mark.parametrize("language", ["de", "en", "es", "ru"])
async def test_a_ready_page_and_its_form_are_in_one_language(site: httpx.AsyncClient, language: Language) -> None:
    tree = read(await site.get("/landings/start", params={"lang": language}))

    assert attributes(tree, "html")["lang"] == language
    assert TEXTS[language]["full_name"] in text(tree, "#form")


async def test_a_landing_page_leads_on_with_the_code(site: httpx.AsyncClient) -> None:
    answer = await site.get("/landings/invited", params={"code": CODE, "click": "clk_1"})
    (link,) = read(answer).css("article a")

    where = urlsplit(str(link.attributes["href"]))
    assert where.path == "/open-account"
    assert {"code": [CODE], "click": ["clk_1"]}.items() <= parse_qs(where.query).items()
    assert CODE in text(read(answer), "article")


async def test_who_comes_by_a_link_is_told_whose_it_is_and_applies_with_the_click(
    site: httpx.AsyncClient, committed: Connection
) -> None:
    login = Login(await stocking.partner(committed))
    there = Destination(id="start", url="https://cabinet.test/landings/start", title="Start", carries=True)
    await links.save_destinations(committed, [there])

    led = await site.get(f"/go/{CODE}", headers={"User-Agent": "Mozilla/5.0 (X11; Linux x64) Firefox/140.0"})
    assert led.status_code == 302
    tree = read(await site.get(led.headers["location"].removeprefix("https://cabinet.test")))
    given = hidden(tree)
    assert "code" not in given, "Nobody gave it."
    assert CODE in text(tree, "article")
    filled = {"name": "Ann Example", "email": "ann@example.com", "country": "DE", "agreed": "yes"}
    sent = await site.post("/open-account", data=given | filled, headers={"Sec-Fetch-Site": "same-origin"})

    assert sent.status_code == 303
    click = await committed.value("SELECT token::text FROM clicks WHERE login = %(login)s", login=login)
    kept = clicks.read_token(await committed.value("SELECT click FROM applications"))
    assert str(kept) == click
    assert await committed.value("SELECT code FROM applications") == ""


async def test_who_comes_by_a_link_of_its_own_code_is_told_that(site: httpx.AsyncClient, committed: Connection) -> None:
    login = Login(await stocking.partner(committed))
    there = Destination(id="start", url="https://cabinet.test/landings/start", title="Start", carries=True)
    await links.save_destinations(committed, [there])
    made = await links.make(committed, login, Wanted(destination="start"))

    led = await site.get(f"/go/{made.code}")
    where = led.headers["location"].removeprefix("https://cabinet.test")

    assert made.code in text(read(await site.get(where)), "article")
    await links.retire(committed, login, made.id)
    assert CODE in text(read(await site.get(where)), "article")


async def test_a_code_that_is_retired_is_told_to_nobody(site: httpx.AsyncClient, committed: Connection) -> None:
    login = Login(await stocking.partner(committed))
    there = Destination(id="start", url="https://cabinet.test/landings/start", title="Start", carries=True)
    await links.save_destinations(committed, [there])
    led = await site.get(f"/go/{CODE}")
    await programme.retire_code(committed, login, CODE)

    tree = read(await site.get(led.headers["location"].removeprefix("https://cabinet.test")))
    assert CODE not in text(tree, "article")
    assert hidden(tree)["click"]


@pytest.mark.parametrize(("asked", "spoken"), [("de", "de"), ("pt-BR", "en"), ("<b>", "en"), ("", "en")])
async def test_a_landing_page_speaks_the_language_that_there_is(
    site: httpx.AsyncClient, asked: str, spoken: str
) -> None:
    answer = await site.get("/landings/start", params={"lang": asked})

    assert attributes(read(answer), "html")["lang"] == spoken


async def test_what_stands_in_an_address_is_text_on_the_page(site: httpx.AsyncClient) -> None:
    given = {"code": '"><script>alert(1)</script>', "click": '"><img src=x onerror=alert(1)>', "s1": "{{7*7}}{code}"}
    answer = await site.get("/landings/invited", params=given)

    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    assert "<img" not in answer.text
    assert "49" not in text(read(answer), "article")


async def test_pages_of_the_operator_are_shown_as_they_were_cleaned(
    site: httpx.AsyncClient, committed: Connection
) -> None:
    written = b"# Gold\n\n<script>alert(1)</script>[Go on]({link}) [bad](javascript:alert(1)) **{code}**\n"
    await content.save_landing(
        committed, content.designed(written, markdown=True, name="gold", language="en", form=False)
    )

    answer = await site.get("/landings/gold", params={"code": CODE})
    tree = read(answer)
    assert tree.css("form") == []
    assert "alert" not in "".join(str(node.attributes.get("href")) for node in tree.css("a"))
    assert text(tree, "strong") == CODE


@pytest.mark.parametrize("name", ["nothing", "start.en", "START", "%2e%2e"])
async def test_there_is_no_other_landing_page(site: httpx.AsyncClient, name: str) -> None:
    answer = await site.get(f"/landings/{name}")

    assert answer.status_code in {400, 404}
