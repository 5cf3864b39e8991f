"""Whoever pastes the address of a widget sees the widget: oEmbed, as a consumer of it asks, and cards."""

from typing import Final
from xml.etree import ElementTree as ET

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser

from opencabinet.accounts import Account
from opencabinet.doors.showing.png import SIZE

HERE: Final = "http://cabinet.test"
MEMBERS: Final = {"version", "type", "title", "provider_name", "provider_url"}


async def discovered(site: httpx.AsyncClient, address: str, kind: str) -> httpx.Response:
    """Ask how an address is embedded, as its page says."""
    page = LexborHTMLParser((await site.get(address)).text)
    link = page.css_first(f'link[rel="alternate"][type="{kind}"]')
    assert link is not None
    return await site.get(link.attributes["href"] or "")


async def test_a_pasted_address_becomes_the_widget(site: httpx.AsyncClient, account: Account) -> None:
    told = (await discovered(site, f"/w/balance/{account.login}?theme=dark", "application/json+oembed")).json()

    assert told["version"] == "1.0"
    assert told["type"] == "rich"
    assert set(told) >= MEMBERS | {"html", "width", "height"}
    frame = LexborHTMLParser(told["html"]).css_first("iframe")
    assert frame is not None
    source = frame.attributes["src"] or ""
    assert source.startswith(f"{HERE}/w/balance/{account.login}?")
    assert "theme=dark" in source
    assert frame.attributes["height"] == str(told["height"])
    assert "allow-same-origin" not in (frame.attributes["sandbox"] or "")
    assert "1,000.00" in (await site.get(source)).text


async def test_what_is_of_nobody_is_embedded_and_kept_too(site: httpx.AsyncClient) -> None:
    told = await discovered(site, "/w/news", "application/json+oembed")
    shown = await site.get("/w/news")

    assert (told.status_code, told.json()["type"]) == (200, "rich")
    assert shown.headers["cache-control"] == "public, no-cache"
    assert (await site.get("/w/news", headers={"if-none-match": shown.headers["etag"]})).status_code == 304


async def test_json_and_xml_say_the_same(site: httpx.AsyncClient, account: Account) -> None:
    address = f"/w/balance/{account.login}"
    told = (await discovered(site, address, "application/json+oembed")).json()
    answer = await discovered(site, address, "text/xml+oembed")
    root = ET.fromstring(answer.content)  # noqa: S314 - our own

    assert answer.headers["content-type"] == "text/xml; charset=utf-8"
    assert root.tag == "oembed"
    assert {each.tag: each.text for each in root} == {name: str(value) for name, value in told.items()}


@pytest.mark.parametrize("ending", ["svg", "png"])
async def test_a_pasted_picture_stays_a_picture(site: httpx.AsyncClient, account: Account, ending: str) -> None:
    address = f"{HERE}/w/balance/{account.login}.{ending}?width=320"
    told = (await site.get("/w/oembed", params={"url": address})).json()

    assert told["type"] == "photo"
    assert (await site.get(told["url"])).headers["content-type"].startswith("image/")
    assert told["width"] == 320
    assert 100 < told["height"] < 600


@pytest.mark.parametrize(
    ("given", "width", "height"),
    [
        ({}, 600, 310),
        ({"maxwidth": "400", "maxheight": "250"}, 400, 250),
        ({"maxwidth": "1", "maxheight": "99999"}, 200, 310),
        ({"maxwidth": "-1", "maxheight": "x"}, 600, 310),
        ({"maxwidth": "٣٠٠", "maxheight": "9" * 50}, 600, 310),
    ],
)
async def test_a_consumer_says_how_much_room_there_is(
    site: httpx.AsyncClient, account: Account, given: dict[str, str], width: int, height: int
) -> None:
    told = (await site.get("/w/oembed", params={"url": f"{HERE}/w/balance/{account.login}", **given})).json()

    assert (told["width"], told["height"]) == (width, height)


@pytest.mark.parametrize(("asked", "width"), [({}, 700), ({"maxwidth": "300"}, 300), ({"maxwidth": "1500"}, 700)])
async def test_a_picture_has_the_size_that_is_told_and_fits(
    site: httpx.AsyncClient, account: Account, asked: dict[str, str], width: int
) -> None:
    address = f"{HERE}/w/balance/{account.login}.svg?width=700"
    told = (await site.get("/w/oembed", params={"url": address, **asked})).json()
    drawn = SIZE.search((await site.get(told["url"])).text)

    assert drawn is not None
    assert told["width"] == width
    assert (told["width"], told["height"]) == (int(drawn["width"]), int(drawn["height"]))


async def test_a_small_picture_of_a_frame_has_the_proportions_that_are_told(
    site: httpx.AsyncClient, account: Account
) -> None:
    told = (await site.get("/w/oembed", params={"url": f"{HERE}/w/statistics/{account.login}"})).json()
    drawn = SIZE.search((await site.get(told["thumbnail_url"].replace(".png", ".svg"))).text)

    assert drawn is not None
    assert (told["thumbnail_width"], told["thumbnail_height"]) == (int(drawn["width"]), int(drawn["height"]))


@pytest.mark.parametrize(
    "address",
    [
        "",
        "x",
        "http://[",
        "http://elsewhere.example/w/balance/{login}",
        "http://cabinet.test.elsewhere.example/w/balance/{login}",
        "http://cabinet.test@elsewhere.example/w/balance/{login}",
        "http://me@cabinet.test/w/balance/{login}",
        "http://cabinet.test:81/w/balance/{login}",
        "javascript:alert(1)//cabinet.test/w/balance/{login}",
        "http://cabinet.test/v1/accounts/{login}/balance",
        "http://cabinet.test/w/balance/{login}/more",
        "http://cabinet.test/w/oembed",
        "http://cabinet.test/w/nothing/{login}",
        "http://cabinet.test/w/balance/{login}.json",
        "http://cabinet.test/w/balance/{login}%22%3E%3Cscript%3E",
    ],
)
async def test_other_addresses_are_not_embedded(site: httpx.AsyncClient, account: Account, address: str) -> None:
    answer = await site.get("/w/oembed", params={"url": address.format(login=account.login)})

    assert answer.status_code == 404
    assert "<" not in answer.text


async def test_what_is_asked_for_beside_is_told_as_text_only(site: httpx.AsyncClient, account: Account) -> None:
    address = f'{HERE}/w/balance/{account.login}?a="><script>alert(1)</script>'
    told = (await site.get("/w/oembed", params={"url": address})).json()

    assert "<script" not in told["html"]
    assert LexborHTMLParser(told["html"]).css_first("script") is None


async def test_a_closed_account_is_embedded_nowhere(site: httpx.AsyncClient, closed: Account) -> None:
    for form in ("json", "xml"):
        given = {"url": f"{HERE}/w/balance/{closed.login}", "format": form}
        assert (await site.get("/w/oembed", params=given)).status_code == 401
    page = (await site.get(f"/w/balance/{closed.login}")).text
    assert "oembed" not in page
    assert "og:" not in page
    assert '<meta name="robots" content="noindex">' in page


async def test_another_form_is_not_made(site: httpx.AsyncClient, account: Account) -> None:
    given = {"url": f"{HERE}/w/balance/{account.login}", "format": "yaml"}

    assert (await site.get("/w/oembed", params=given)).status_code == 501


async def test_a_shared_address_has_a_card_with_its_figures(site: httpx.AsyncClient, account: Account) -> None:
    page = LexborHTMLParser((await site.get(f"/w/balance/{account.login}")).text)
    card = {
        each.attributes.get("property") or each.attributes.get("name"): each.attributes.get("content")
        for each in page.css("meta[property], meta[name]")
    }

    assert card["og:title"] == f"Balance · {account.login}"
    assert "1,000.00" in (card["og:description"] or "")
    assert card["twitter:card"] == "summary_large_image"
    picture = await site.get(card["og:image"] or "")
    assert picture.headers["content-type"] == "image/png"
    assert picture.content.startswith(b"\x89PNG")
