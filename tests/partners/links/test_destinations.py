"""Where links may lead: addresses that everybody reads in one way, on a list of the operator's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opencabinet.db import Connection
from opencabinet.partners import links
from opencabinet.partners.links import BadDestination, Destination, TooManyDestinations, carrying, normalised
from opencabinet.partners.links.model import MOST_DESTINATIONS
from tests.partners.clicks.clicking import FORM, HOME

GOOD = {
    "https://example.com": "https://example.com/",
    "HTTPS://EXAMPLE.com:443/Path?q=1#top": "https://example.com/Path?q=1#top",
    "https://example.com:8443/a;b=c": "https://example.com:8443/a;b=c",
    "https://[2001:DB8::0001]/": "https://[2001:db8::1]/",
    "http://localhost:3000/open": "http://localhost:3000/open",
    "http://127.0.0.1/": "http://127.0.0.1/",
    "http://[::1]:80/": "http://[::1]/",
    "https://xn--bcher-kva.example/%C3%BC": "https://xn--bcher-kva.example/%C3%BC",
}
BAD = (
    *("", "/", "//example.com/", "example.com", "ftp://example.com/", "javascript:alert(1)", "data:text/html,x"),
    *("http://example.com/", "http://localhost.example.com/", "http://127.0.0.1.example.com/", "https:///path"),
    *("https://user@example.com/", "https://a:b@example.com/", "https://example.com@evil.example/"),
    *("https://example.com\\@evil.example/", "https:\\\\example.com/", "https:/example.com/", "https://exa mple.com/"),
    *(
        "https://example.com/\r\nSet-Cookie: a=b",
        "https://example.com/\n",
        "https://example.com/\x00",
        "\nhttps://a.b/",
    ),
    *("https://example.com/ü", "https://bücher.example/", "https://example.com/\u202e", "https://example。com/"),
    *("https://example.com:0/", "https://example.com:99999/", "https://example.com:x/", "https://127.1/"),
    *("https://0x7f000001/", "https://2130706433/", "https://[::1/", "https://[1.2.3.4]/", "https://.example.com/"),
    *("https://example.com/" + "a" * 2_000, "https://-/", "https://a..b/", "https://example.com/<script>"),
)


@pytest.mark.parametrize("url", GOOD)
def test_an_address_has_one_spelling(url: str) -> None:
    assert normalised(url) == GOOD[url]
    assert normalised(GOOD[url]) == GOOD[url]


@pytest.mark.parametrize("url", BAD)
def test_what_can_be_read_in_two_ways_is_no_destination(url: str) -> None:
    with pytest.raises(BadDestination):
        normalised(url)


@given(st.text(max_size=60), st.sampled_from(["", "https://", "https://example.com", "https://example.com/"]))
def test_whatever_is_kept_goes_into_a_header_as_it_is(text: str, start: str) -> None:
    try:
        kept = normalised(start + text)
    except BadDestination:
        return
    assert kept.isascii()
    assert kept.isprintable()
    assert " " not in kept
    assert "\\" not in kept
    assert kept.startswith(("https://", "http://localhost", "http://127.0.0.1", "http://[::1]"))
    assert "@" not in kept.split("/")[2]
    assert normalised(kept) == kept


def test_a_token_is_told_within_the_query() -> None:
    assert carrying("https://a.example/", "clk_x") == "https://a.example/?click=clk_x"
    assert carrying("https://a.example/?b=c", "clk_x") == "https://a.example/?b=c&click=clk_x"
    assert carrying("https://a.example/#top?", "clk_x") == "https://a.example/?click=clk_x#top?"


async def test_a_list_takes_the_place_of_the_one_before(conn: Connection) -> None:
    await links.save_destinations(conn, [HOME, FORM])
    await links.save_destinations(conn, [Destination(id="new", url="https://Example.com", title="New"), HOME])

    listed = await links.destinations(conn)
    assert [(each.id, each.url) for each in listed] == [("new", "https://example.com/"), ("home", HOME.url)]
    assert [each.id for each in await links.destinations(conn, inactive=True) if not each.active] == ["form"]


async def test_others_may_be_kept_beside(conn: Connection) -> None:
    await links.save_destinations(conn, [HOME])
    await links.save_destinations(conn, [FORM], keep_others=True)

    assert {each.id for each in await links.destinations(conn)} == {"home", "form"}


async def test_a_bad_destination_changes_nothing(conn: Connection) -> None:
    await links.save_destinations(conn, [HOME])
    bad = Destination(id="bad", url="http://evil.example/", title="Bad")

    for wanted in ([FORM, bad], [FORM, FORM]):
        with pytest.raises(BadDestination):
            await links.save_destinations(conn, wanted)

    assert await links.destinations(conn) == [HOME]


async def test_a_list_has_an_end(conn: Connection) -> None:
    many = [Destination(id=f"d-{n}", url=f"https://example.com/{n}", title="x") for n in range(MOST_DESTINATIONS)]
    await links.save_destinations(conn, many)

    with pytest.raises(TooManyDestinations):
        await links.save_destinations(conn, [HOME], keep_others=True)


def test_a_list_is_read_from_a_file() -> None:
    text = '[[destination]]\nid = "home"\nurl = "https://example.com/"\ntitle = "Home"\ncarries = true\n'

    assert links.read_destinations(text) == [
        Destination(id="home", url="https://example.com/", title="Home", carries=True)
    ]
    for wrong in ("x", "[[destination]]\n", text + "other = 1\n", text.replace('"home"', '"Home page"'), ""):
        with pytest.raises(BadDestination):
            links.read_destinations(wrong)
