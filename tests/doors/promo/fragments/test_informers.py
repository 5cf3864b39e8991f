"""Informers: pages that stand in frames of others, and show what the market is."""

import asyncio
import re
from datetime import UTC, datetime
from typing import Final

import httpx
import pytest
from msgspec import structs
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from opencabinet import app
from opencabinet.db import Connection
from opencabinet.doors.budgets import Rates
from opencabinet.doors.promo.fragments.assets import address
from opencabinet.doors.promo.fragments.moments import SECONDS
from opencabinet.settings import Settings
from tests.doors.promo.fragments import stocking
from tests.doors.promo.fragments.reading import attributes, hidden, read, text
from tests.doors.promo.fragments.shown import policy
from tests.doors.promo.fragments.stocking import CODE
from tests.doors.v1.spending import still
from tests.living import living

FRAMED: Final = (
    *("/informers/quotes", "/informers/news", "/informers/pip", "/informers/margin", "/informers/commission"),
    *("/informers/rebate", "/open-account"),
)
POLICY: Final = {
    "default-src": "'none'",
    "style-src": "'self'",
    "script-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "frame-ancestors": "*",
    "base-uri": "'none'",
    "form-action": "'self'",
}


@pytest.mark.usefixtures("stock")
@pytest.mark.parametrize("path", FRAMED)
async def test_a_fragment_may_stand_in_any_frame_and_may_do_little(site: httpx.AsyncClient, path: str) -> None:
    answer = await site.get(path, params={"code": CODE})

    assert answer.status_code == 200
    assert policy(answer) == POLICY
    assert "x-frame-options" not in answer.headers
    assert "set-cookie" not in answer.headers
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert answer.headers["cache-control"] == "public, no-cache"
    assert "cookie" not in answer.headers["vary"].lower()


@pytest.mark.usefixtures("stock")
@pytest.mark.parametrize("path", [*FRAMED, "/informers", "/informers/nothing", "/landings/start"])
async def test_a_page_has_nothing_inline_and_names_files_that_are_there(site: httpx.AsyncClient, path: str) -> None:
    answer = await site.get(path, params={"code": CODE, "accent": "f80"})
    tree = read(answer)

    assert [node for node in tree.css("script") if node.text() or not node.attributes.get("src")] == []
    assert tree.css("style") == []
    named = {name for node in tree.css("*") for name in node.attributes}
    assert {name for name in named if name.startswith("on") or name == "style"} == set()
    files = [str(node.attributes["src"]) for node in tree.css("script")]
    files += [str(node.attributes["href"]) for node in tree.css("link[rel=stylesheet]")]
    assert len(files) >= 2
    for each in files:
        assert each.startswith("/informers/"), each
        found = await site.get(each)
        assert found.status_code == 200, each
        assert found.headers["access-control-allow-origin"] == "*"
        assert found.headers["cross-origin-resource-policy"] == "cross-origin"


@pytest.mark.usefixtures("stock")
async def test_quotes_are_shown_with_the_decimals_of_their_symbols(site: httpx.AsyncClient) -> None:
    answer = await site.get("/informers/quotes", params={"symbols": "usdjpy,EURUSD,XAU/USD,NOTHING"})
    rows = [[cell.text() for cell in row.css("th, td")] for row in read(answer).css("tbody tr")]

    assert rows == [
        ["USDJPY", "150.000", "150.012", "1.2"],
        ["EURUSD", "1.10200", "1.10212", "1.2"],
        ["XAUUSD", "2650.10", "2650.45", "3.5"],
    ]


@pytest.mark.usefixtures("stock")
async def test_the_usual_symbols_are_shown_where_none_is_asked_for(site: httpx.AsyncClient) -> None:
    tree = read(await site.get("/informers/quotes"))

    assert [node.text() for node in tree.css("tbody th")] == ["EURUSD", "GBPUSD", "USDJPY", "XAUUSD"]


async def test_other_symbols_are_shown_where_no_usual_one_is_known(
    site: httpx.AsyncClient, committed: Connection
) -> None:
    await stocking.market_of(committed)
    await committed.run("DELETE FROM quotes WHERE symbol <> 'EURGBP'")

    tree = read(await site.get("/informers/quotes"))

    assert [node.text() for node in tree.css("tbody th")] == ["EURGBP"]


@pytest.mark.parametrize("path", ["/informers/quotes", "/informers/image", "/informers/pip", "/informers/margin"])
async def test_without_a_server_nothing_is_known_and_that_is_said(site: httpx.AsyncClient, path: str) -> None:
    answer = await site.get(path)

    assert answer.status_code == 200
    assert "No quotes are known yet." in answer.text or "Nothing that can be traded is known yet." in answer.text


@pytest.mark.usefixtures("stock")
async def test_a_page_that_somebody_has_is_not_sent_again(site: httpx.AsyncClient, committed: Connection) -> None:
    first = await site.get("/informers/quotes")
    again = await site.get("/informers/quotes", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")

    await committed.run("UPDATE quotes SET bid = 1.5 WHERE symbol = 'EURUSD'")
    after = await site.get("/informers/quotes", headers={"If-None-Match": first.headers["etag"]})
    assert after.status_code == 200
    assert "1.50000" in after.text


@pytest.mark.usefixtures("stock")
async def test_the_code_goes_into_the_link_and_into_the_form(site: httpx.AsyncClient) -> None:
    tree = HTMLParser(
        (await site.get("/informers/pip", params={"x": CODE.lower(), "theme": "dark", "lang": "ar"})).text
    )

    assert [node.attributes["href"] for node in tree.css("a")] == [f"/go/{CODE}"]
    carried = hidden(tree)
    assert carried == {"code": CODE, "theme": "dark", "lang": "ar"}
    assert attributes(tree, "html") == {
        "class": "framed",
        "lang": "ar",
        "dir": "rtl",
        "data-theme": "dark",
        "data-post": "object",
    }


async def test_the_link_has_the_partners_own_words(site: httpx.AsyncClient) -> None:
    given = {"code": CODE, "k": "spring & sun", "s2": "two", "s3": "x" * 65, "s4": "a\nb"}
    tree = read(await site.get("/informers/quotes", params=given))

    assert [node.attributes["href"] for node in tree.css("a")] == [f"/go/{CODE}?k=spring+%26+sun&s2=two"]


async def test_without_a_code_there_is_no_link(site: httpx.AsyncClient) -> None:
    assert read(await site.get("/informers/quotes", params={"code": "<b>"})).css("a") == []


@pytest.mark.usefixtures("stock")
async def test_quotes_are_drawn_as_a_picture(site: httpx.AsyncClient) -> None:
    old = "/informers/index.php/image_creating/informer/width=140&ss=10&ticker=EURUSD&c1=102030&c2=102031"
    answer = await site.get(old)

    assert answer.headers["content-type"] == "image/svg+xml; charset=utf-8"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert 'width="140"' in answer.text
    assert 'fill="#102030"' in answer.text
    assert "1.10200" in answer.text
    assert "102031" not in answer.text  # it could not be read on that ground


@pytest.mark.usefixtures("stock")
@pytest.mark.parametrize(
    ("path", "title", "post"),
    [
        ("/informers/en/exchange_rate/run_inst2", "Quotes", "number"),
        ("/informers/index.php/exchange_rate/run_inst2/id=f1&w=300&x=ANNE", "Quotes", "text"),
        ("/informers/forex_news/informer/sz=300_400&cn=3&part_code=x-ANNE", "News", "number"),
    ],
)
async def test_old_addresses_are_answered(site: httpx.AsyncClient, path: str, title: str, post: str) -> None:
    answer = await site.get(path)
    tree = read(answer)

    assert answer.status_code == 200
    assert text(tree, "h1") == title
    assert attributes(tree, "html")["data-post"] == post


@pytest.mark.parametrize(
    "path",
    [
        "/informers/calendar",
        "/informers/calendar/run/w=1",
        "/informers/en/gchart/index/&if=1",
        "/informers/assets/x.js",
    ],
)
async def test_what_there_is_not_is_not_found(site: httpx.AsyncClient, path: str) -> None:
    answer = await site.get(path, params={"lang": "ar"})

    assert answer.status_code == 404
    assert answer.headers["cache-control"] == "no-store"
    assert policy(answer) == POLICY
    assert "لا يوجد شيء هنا." in answer.text


async def test_news_are_shown_in_the_language_of_the_page(site: httpx.AsyncClient, committed: Connection) -> None:
    for place in range(7):
        await stocking.told(committed, f"Rates <hold> & wait {place}")
    await stocking.told(committed, "الفائدة ثابتة", language="ar")

    english = read(await site.get("/informers/news", params={"count": 3, "code": CODE}))
    arabic = read(await site.get("/informers/news", params={"lang": "ar"}))

    assert [node.text(deep=False) for node in english.css("h2 a")] == [f"Rates <hold> & wait {n}" for n in (6, 5, 4)]
    assert all(re.fullmatch(rf"/news/\d+\?code={CODE}", str(node.attributes["href"])) for node in english.css("h2 a"))
    assert [node.text(deep=False) for node in arabic.css("h2 a")] == ["الفائدة ثابتة"]


async def test_prices_of_a_named_server_are_shown(committed: Connection, settings: Settings) -> None:
    await stocking.market_of(committed, "Alpha")
    await stocking.market_of(committed)
    await committed.run("UPDATE quotes SET bid = 1.7 WHERE server = 'Demo-1' AND symbol = 'EURUSD'")
    async with living(app.build(structs.replace(settings, informer_server="Demo-1", brand="B & B"))) as (client, _):
        page = await client.get("/informers/quotes", params={"code": CODE})

    assert "1.70000" in page.text
    assert "Open an account with B &amp; B" in page.text


async def test_times_are_told_in_utc(site: httpx.AsyncClient, committed: Connection) -> None:
    await stocking.market_of(committed)
    await committed.run("UPDATE quotes SET quoted_at = '2026-03-04 05:06:07+00'")

    tree = read(await site.get("/informers/quotes"))

    told = attributes(tree, "time")["datetime"]
    assert told == "2026-03-04T05:06:07Z"
    assert datetime.fromisoformat(told) == datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


async def test_pages_spend_of_the_networks_budget_and_files_do_not(committed: Connection, settings: Settings) -> None:
    await stocking.market_of(committed)
    async with living(app.build(settings)) as (client, _):
        still(client, Rates(network=60))
        answers = [await client.get("/informers/quotes") for _ in range(61)]
        files = [await client.get(address("frame.css")), await client.get("/informers/look.css?accent=f80")]

    assert {each.status_code for each in answers[:60]} == {200}
    last = answers[60]
    assert last.status_code == 429
    assert int(last.headers["retry-after"]) > 0
    assert "Too many requests came." in last.text
    assert policy(last) == POLICY
    assert [each.status_code for each in files] == [200, 200]


async def test_prices_are_held_for_a_moment_and_no_longer(committed: Connection, settings: Settings) -> None:
    await stocking.market_of(committed)
    async with living(app.build(structs.replace(settings, held_megabytes=8))) as (client, _):
        first = await client.get("/informers/quotes")
        await committed.run("UPDATE quotes SET bid = 1.5 WHERE symbol = 'EURUSD'")
        await asyncio.sleep(SECONDS)
        crowd = await asyncio.gather(*(client.get("/informers/quotes") for _ in range(20)))

    assert "1.10200" in first.text
    assert len({each.headers["etag"] for each in crowd}) == 1
    assert all("1.50000" in each.text for each in crowd)
