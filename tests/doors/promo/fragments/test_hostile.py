"""Whatever stands in an address is text on the page, or is not there at all."""

from typing import Final
from urllib.parse import quote, urlencode

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from selectolax.lexbor import LexborHTMLParser as HTMLParser

MARK: Final = "zq9"
HOSTILE: Final = (
    f'"><script>{MARK}()</script>',
    f"'><img src=x onerror={MARK}()>",
    f"</textarea><script>{MARK}()</script>",
    f"javascript:{MARK}()",
    f"{{{{{MARK}}}}}",
    f"{MARK}\r\nSet-Cookie: a=b",
    f"\u202e{MARK}\x00",
    f"</style><svg onload={MARK}()>",
    "../../../../etc/passwd",
    "A" * 3000,
)
NAMES: Final = (
    *("code", "x", "pl", "part_code", "lang", "theme", "accent", "color", "text", "background", "border", "width"),
    *("id", "host", "post", "symbols", "symbol", "ticker", "lots", "currency", "leverage", "side", "price", "count"),
    *("category", "c1", "c2", "ss", "w", "sz", "cn", "click", "keyword", "s1", "s5", "number", "name", "email"),
)
PATHS: Final = (
    *("/informers", "/informers/quotes", "/informers/news", "/informers/pip", "/informers/margin", "/informers/image"),
    *("/informers/commission", "/informers/rebate"),
    *("/open-account", "/open-account/thanks", "/en/partner_open_account.aspx", "/landings/invited"),
    *("/informers/look.css", "/informers/en/exchange_rate/run_inst2"),
)
SCRIPTS: Final = ("script:not([src])", "img[onerror]", "svg", "[onload]", "[onerror]", "[style]")


def harmless(answer: httpx.Response) -> None:
    """See that an answer holds nothing that runs, and no header that was smuggled in."""
    assert answer.status_code in {200, 303, 400, 404, 414, 422}, answer.status_code
    assert "set-cookie" not in answer.headers
    if answer.headers["content-type"].startswith("text/html"):
        tree = HTMLParser(answer.text)
        for selector in SCRIPTS:
            assert tree.css(selector) == [], selector
        for node in tree.css("[href], [src], [action]"):
            where = node.attributes.get("href") or node.attributes.get("src") or node.attributes.get("action") or ""
            assert where.startswith(("/", "#", "data:,")), where
            assert not where.startswith("//"), where
    elif answer.headers["content-type"].startswith("image/svg"):
        assert "<script" not in answer.text


@pytest.mark.usefixtures("stock")
@pytest.mark.parametrize("path", PATHS)
async def test_no_parameter_runs_anywhere(site: httpx.AsyncClient, path: str) -> None:
    for value in HOSTILE:
        harmless(await site.get(path, params=dict.fromkeys(NAMES, value[:120])))
    for name in NAMES:
        harmless(await site.get(path, params={name: HOSTILE[0]}))


@pytest.mark.usefixtures("stock")
async def test_no_old_address_runs_anything(site: httpx.AsyncClient) -> None:
    for value in HOSTILE:
        said = quote(value, safe="").replace("%2F", "~").replace("%0D", "").replace("%0A", "").replace("%00", "")
        together = "&".join(f"{name}={said[:100]}" for name in NAMES)
        harmless(await site.get(f"/informers/exchange_rate/run/{together}"))


async def test_no_field_of_the_form_runs_anything(site: httpx.AsyncClient) -> None:
    for value in HOSTILE:
        fields = dict.fromkeys((*NAMES, "country", "phone", "platform", "agreed"), value[:120])
        answer = await site.post("/open-account", data=fields, headers={"Sec-Fetch-Site": "same-origin"})
        harmless(answer)
        assert answer.status_code == 422


async def test_pieces_of_a_path_are_looked_up_and_nothing_else(site: httpx.AsyncClient) -> None:
    for piece in ("__class__", "quotes.html", "constructor", "..;", "~", "quotes%20", "QUOTES", "%E2%80%AE"):
        for path in (f"/informers/{piece}", f"/landings/{piece}", f"/informers/{piece}/run"):
            assert (await site.get(path)).status_code in {400, 404}, path


@given(some.lists(some.tuples(some.sampled_from(NAMES), some.text(max_size=60)), max_size=8), some.sampled_from(PATHS))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_no_query_is_a_fault_of_ours(site: httpx.AsyncClient, pairs: list[tuple[str, str]], path: str) -> None:
    harmless(await site.get(f"{path}?{urlencode(pairs, errors='surrogatepass')}"))


async def test_too_many_fields_are_refused_in_a_frame_too(site: httpx.AsyncClient) -> None:
    answer = await site.get(f"/informers/quotes?{'&'.join('a=1' for _ in range(200))}")

    assert answer.status_code == 400
    assert "frame-ancestors *" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("verb", ["POST", "PUT", "DELETE", "PATCH"])
async def test_nothing_is_changed_by_other_verbs(site: httpx.AsyncClient, verb: str) -> None:
    answer = await site.request(verb, "/informers/quotes")

    assert answer.status_code == 405
    assert answer.headers["cache-control"].endswith("no-store")
