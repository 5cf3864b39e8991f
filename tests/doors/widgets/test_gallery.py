"""The gallery shows every widget in every state, of invented facts, and links to all of it."""

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser

from opencabinet.doors.showing.definitions import WIDGETS
from opencabinet.doors.showing.samples import STATES, samples
from opencabinet.doors.widgets.gallery import KEPT, written_page

GALLERY = "/w/gallery"


async def opened(site: httpx.AsyncClient, address: str) -> LexborHTMLParser:
    """Open a page of the gallery."""
    answer = await site.get(address)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "public, no-cache"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert "set-cookie" not in answer.headers
    return LexborHTMLParser(answer.text)


async def test_every_state_of_every_widget_is_a_click_away(site: httpx.AsyncClient) -> None:
    home = await opened(site, GALLERY)
    links = {link.attributes["href"] or "" for link in home.css("nav a")}
    seen = set()
    for address in links:
        page = await opened(site, address)
        titles = [node.text(strip=True, separator="|") for node in page.css("section h2")]
        assert titles
        seen |= set(titles)

    assert len(seen) >= len(list(samples()))
    assert len(links) == len(STATES) + len(WIDGETS) + 1 + 4 + 2 - 3  # each of four lists links what is looked at


@pytest.mark.parametrize(("query", "direction"), [("lang=en", "ltr"), ("lang=ar", "rtl"), ("lang=xx", "ltr")])
async def test_it_is_read_from_either_side(site: httpx.AsyncClient, query: str, direction: str) -> None:
    page = await opened(site, f"{GALLERY}?{query}")

    assert [node.attributes["dir"] for node in page.css("html")] == [direction]
    assert {node.attributes["dir"] for node in page.css("article")} == {direction}


@pytest.mark.parametrize("query", ["theme=%3Cscript%3E", "state=a&widget=b", "lang=%00", "a=" + "b" * 2000])
async def test_what_nobody_knows_is_passed_over(site: httpx.AsyncClient, query: str) -> None:
    page = await opened(site, f"{GALLERY}?{query}")

    assert len(page.css("article")) == len(WIDGETS)
    assert page.css("script") == []


async def test_only_so_many_of_its_pages_are_kept(site: httpx.AsyncClient) -> None:
    for number in range(KEPT + 8):
        await site.get(
            f"{GALLERY}?widget={list(WIDGETS)[number % 13]}&theme={('light', 'dark', 'host', 'auto')[number % 4]}"
        )

    assert written_page.cache_info().currsize <= KEPT
