"""Whoever clicks is sent where the operator's list says, whatever the address says, and the click is kept."""

from typing import Any
from urllib.parse import quote, urlencode

import httpx
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as tries
from hypothesis import strategies as st

from opencabinet.db import Connection
from opencabinet.doors.direct import Direct
from opencabinet.doors.promo import go
from opencabinet.partners import clicks, links, programme
from opencabinet.partners.clicks import Told
from opencabinet.partners.links import Wanted
from tests.doors.legacy.asking import come_from, transport
from tests.doors.promo.clicking import CHROME, KEPT
from tests.partners.clicks.clicking import HOME, partner

ROW = "SELECT to_jsonb(clicks) FROM clicks ORDER BY id DESC LIMIT 1"
EVIL = (
    *("https://evil.example", "//evil.example", "\\\\evil.example", "/\\evil.example", "javascript:alert(1)"),
    *("https://example.com@evil.example", "https://example.com.evil.example", "data:text/html,x", "evil.example"),
    *("%2f%2fevil.example", "https:evil.example", "https://evil。example", "\u2044\u2044evil.example", "home@evil"),
    *("home\r\nLocation: https://evil.example", "home\nSet-Cookie: a=b", "home\x00", "\u202ehome", "a" * 5_000),
)
PARAMETERS = (
    *("d", "l", "k", "b", "s1", "s5", "url", "u", "to", "next", "redirect", "redirect_uri", "return", "click"),
    *("destination", "r", "goto", ""),
)


async def test_a_click_is_answered_with_where_it_leads(site: httpx.AsyncClient, committed: Connection) -> None:
    own = await partner(committed)

    answer = await site.get(f"/go/{own.code}", headers=CHROME)

    assert answer.status_code == 302
    assert answer.headers["location"] == HOME.url
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-robots-tag"] == "noindex"
    assert answer.headers["content-length"] == "0"
    assert "set-cookie" not in answer.headers
    [row] = await committed.values(ROW)
    assert (row["login"], row["mark"], row["network"]) == (own.login, "", "127.0.0.0/24")


async def test_a_code_is_read_in_any_case(site: httpx.AsyncClient, committed: Connection) -> None:
    await partner(committed, "GOLD24")

    for code in ("gold24", "Gold24", "GOLD24"):
        assert (await site.get(f"/go/{code}")).status_code == 302


async def test_a_destination_that_carries_is_told_the_token_of_the_click(
    site: httpx.AsyncClient, committed: Connection
) -> None:
    own = await partner(committed)
    made = await links.make(committed, own.login, Wanted(destination="form"))

    place = (await site.get(f"/go/{made.code}")).headers["location"]

    start, _, rest = place.partition("?click=")
    token, _, end = rest.partition("#")
    assert (start, end) == ("https://example.com/form", "top")
    found = await clicks.by_token(committed, token)
    assert found is not None
    assert (found.login, found.link) == (own.login, made.id)


@pytest.mark.parametrize("evil", EVIL)
async def test_no_parameter_says_where_anybody_is_sent(
    site: httpx.AsyncClient, committed: Connection, evil: str
) -> None:
    own = await partner(committed)

    for name in PARAMETERS:
        for query in (urlencode({name: evil}), f"{name}={quote(quote(evil))}"):
            answer = await site.get(f"/go/{own.code}?{query}")
            assert answer.status_code == 302, query
            assert answer.headers.get_list("location") == [HOME.url]
            assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/go//evil.example",
            "/go/%2f%2fevil.example",
            "/go/\\evil.example",
            "/go/https://evil.example",
        ),
        *(
            "/go/%0d%0aSet-Cookie:a=b",
            "/go/GOLD%00",
            "/go/..%2f",
            "/go/%E2%81%84evil",
            "/go/" + "A" * 3_000,
            "/go/",
            "/go",
        ),
        *("/go/GOLD/evil", "/go/GOLD@evil.example", "/go/GO", "/go/24GOLD", "/go/G\u00d6LD", "/go/GOLD%20"),
    ],
)
async def test_what_is_no_code_leads_nowhere(site: httpx.AsyncClient, committed: Connection, path: str) -> None:
    await partner(committed, "GOLD")

    answer = await site.get(path)

    assert answer.status_code in {400, 404}
    assert "location" not in answer.headers
    assert "set-cookie" not in answer.headers
    assert await committed.value(KEPT) == 0


async def test_unknown_retired_and_suspended_codes_look_alike_and_take_the_same_work(
    site: httpx.AsyncClient, committed: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, suspended, left = [await partner(committed) for _ in range(3)]
    link = await links.make(committed, own.login, Wanted(destination="home"))
    await links.retire(committed, own.login, link.id)
    await programme.set_state(committed, suspended.login, "suspended")
    await programme.set_state(committed, left.login, "left")
    asked = []
    really = clicks.store.keep

    async def watched(conn: Connection, some: Any) -> Any:
        asked.append(len(some))
        return await really(conn, some)

    monkeypatch.setattr(clicks.store, "keep", watched)
    answers = [await site.get(f"/go/{code}") for code in ("NOBODY", link.code, suspended.code, left.code)]

    assert {each.status_code for each in answers} == {404}
    assert len({each.content for each in answers}) == 1
    assert len({tuple(sorted(set(each.headers) - {"x-request-id"})) for each in answers}) == 1
    assert answers[0].headers["content-type"] == "text/html; charset=utf-8"
    assert b"leads nowhere" in answers[0].content
    assert asked == [1, 1, 1, 1]
    assert await committed.value(KEPT) == 0


async def test_what_is_told_of_a_click_is_kept(site: httpx.AsyncClient, committed: Connection) -> None:
    own = await partner(committed)
    made = await links.make(committed, own.login, Wanted(destination="home", keywords=("forex gold",)))

    await site.get(f"/go/{made.code}?k=forex+gold&s1=a%20b&s3=%C3%BC&b=17&l=gold-page&d=form")

    [row] = await committed.values(ROW)
    assert (row["keyword"], row["subs"], row["banner"]) == ("forex gold", ["a b", "", "\u00fc"], 17)
    assert (row["landing"], row["destination"], row["link"]) == ("gold-page", "form", made.id)


async def test_what_cannot_be_kept_is_left_out(site: httpx.AsyncClient, committed: Connection) -> None:
    own = await partner(committed)

    for query in (
        *(
            "s1=a%0Ab",
            "s1=%00",
            "s1=%1F",
            "s1=%FF",
            f"s1={'a' * 65}",
            "s1=%E2%80%AEx",
            "b=x",
            "b=-1",
            "b=0",
            f"b={10**18}",
        ),
        *("b=1e3", "b=%D9%A1", "l=Gold", "l=a/b", f"l={'a' * 41}", "k=", "s6=a", "&&&", "=", "s1", "%", "s1=%ZZ" * 900),
        "&".join(["x=1"] * 60 + ["s1=late"]),
    ):
        assert (await site.get(f"/go/{own.code}?{query}")).status_code in {302, 414}, query
        [row] = await committed.values(ROW)
        assert (row["subs"], row["banner"], row["landing"], row["keyword"]) == (None, None, None, ""), query


async def test_of_a_parameter_that_is_told_twice_the_first_counts(
    site: httpx.AsyncClient, committed: Connection
) -> None:
    own = await partner(committed)

    await site.get(f"/go/{own.code}?s1=first&s1=second&d=form&d=home&b=1&b=2")

    [row] = await committed.values(ROW)
    assert (row["subs"], row["destination"], row["banner"]) == (["first"], "form", 1)


@given(query=st.one_of(st.binary(max_size=300), st.text("ks12345bld=&%+\u00fc0aF\x00\n", max_size=80).map(str.encode)))
@tries(max_examples=400, deadline=None)
def test_whatever_a_query_is_what_is_told_can_be_kept(query: bytes) -> None:
    told = go.told(query)

    words = (told.keyword, told.landing, told.destination, *told.subs)
    assert all(len(word) <= 64 and word.isprintable() for word in words)
    assert len(told.subs) <= 5
    assert told.banner is None or 0 < told.banner < 10**18
    assert "\x1f" not in "".join(words)


@given(words=st.lists(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=64), max_size=5))
@tries(max_examples=200, deadline=None)
def test_sub_ids_come_as_they_were_sent(words: list[str]) -> None:
    query = urlencode({f"s{place}": word for place, word in enumerate(words, 1)}).encode()

    assert go.told(query) == Told(subs=tuple(words))


hostile = st.dictionaries(
    st.sampled_from(["k", "s1", "s5", "b", "l", "d", "x"]),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=70),
)


@given(query=hostile)
@tries(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_query_is_answered_with_a_place_on_the_list(
    site: httpx.AsyncClient, committed: Connection, query: dict[str, str]
) -> None:
    own = await partner(committed)

    answer = await site.get(f"/go/{own.code}?{urlencode(query)}")

    assert answer.status_code == 302
    assert answer.headers["location"].startswith((HOME.url, "https://example.com/form?click=clk_"))


@pytest.mark.parametrize(
    ("headers", "mark"),
    [
        ({}, ""),
        ({"Sec-Purpose": "prefetch"}, "prefetch"),
        ({"Sec-Purpose": "prefetch;prerender"}, "prefetch"),
        ({"Purpose": "Prefetch"}, "prefetch"),
        ({"X-Purpose": "preview"}, "prefetch"),
        ({"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}, ""),
        ({"Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}, "prefetch"),
        ({"Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"}, "prefetch"),
        ({"User-Agent": "Googlebot/2.1 (+http://www.google.com/bot.html)"}, "bot"),
        ({"User-Agent": ""}, "bot"),
        ({"User-Agent": "\u00ff" * 900}, ""),
    ],
)
async def test_what_does_not_count_is_marked(
    site: httpx.AsyncClient, committed: Connection, headers: dict[str, str], mark: str
) -> None:
    own = await partner(committed)
    sent = [(name.encode(), value.encode("latin-1")) for name, value in (CHROME | headers).items()]

    assert (await site.get(f"/go/{own.code}", headers=sent)).status_code == 302

    [row] = await committed.values(ROW)
    assert row["mark"] == mark


async def test_who_only_looks_is_answered_and_marked(site: httpx.AsyncClient, committed: Connection) -> None:
    own = await partner(committed)

    answer = await site.head(f"/go/{own.code}", headers=CHROME)

    assert (answer.status_code, answer.headers["location"], answer.content) == (302, HOME.url, b"")
    [row] = await committed.values(ROW)
    assert row["mark"] == "head"


async def test_a_click_is_counted_by_the_clients_network(site: httpx.AsyncClient, committed: Connection) -> None:
    own = await partner(committed)
    come_from(site, "2001:db8:1:2::3")
    await site.get(f"/go/{own.code}", headers=CHROME | {"X-Forwarded-For": "203.0.113.7"})

    [row] = await committed.values(ROW)
    assert row["network"] == "2001:db8:1:2::/64"


async def test_what_passes_the_framework_by_is_answered_alike(site: httpx.AsyncClient, committed: Connection) -> None:
    own = await partner(committed)
    layer: Any = transport(site).app
    while not isinstance(layer, Direct):
        layer = layer.inner
    known = layer.handlers

    for verb, path in (
        *(("GET", f"/go/{own.code}"), ("HEAD", f"/go/{own.code}"), ("GET", "/go/NOBODY"), ("GET", "/go/x")),
        *(("POST", f"/go/{own.code}"), ("OPTIONS", f"/go/{own.code}"), ("GET", f"/go/{own.code}/"), ("GET", "/go/A/b")),
    ):
        told = []
        for handlers in ({}, known):
            layer.handlers = handlers
            answer = await site.request(verb, path, headers=CHROME)
            names = sorted((name, value) for name, value in answer.headers.items() if name != "x-request-id")
            told.append((answer.status_code, names, answer.content))
        assert told[0] == told[1], (verb, path)
