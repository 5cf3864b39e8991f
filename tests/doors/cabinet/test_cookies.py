"""What a browser keeps of the cabinet, and what others can make it do with that."""

from http.cookies import SimpleCookie
from typing import Any

import httpx
import pytest
from litestar import Request, Response
from msgspec import structs

from opencabinet import app
from opencabinet.access import people
from opencabinet.access.model import SESSION_IDLE
from opencabinet.db import Connection
from opencabinet.doors.cabinet import telling
from opencabinet.doors.cabinet.visit import way_back
from opencabinet.settings import Settings
from tests.access.people.person import PASSWORD, Someone, age
from tests.doors.cabinet.browser import OWN, Browser
from tests.living import living

SIGN_IN = "/cabinet/sign-in"


def cookies(answer: httpx.Response) -> SimpleCookie:
    """Return the cookies that an answer sets, with how they are kept."""
    kept = SimpleCookie()
    for line in answer.headers.get_list("set-cookie"):
        kept.load(line)
    return kept


async def form_token(site: httpx.AsyncClient) -> str:
    """Return the token of the form to sign in with."""
    browser = Browser(site)
    await browser.open(SIGN_IN)
    return browser.value("[name=form_token]")


async def signed_in(site: httpx.AsyncClient, ann: Someone, **headers: str) -> httpx.Response:
    """Sign in, and go nowhere."""
    sent = {"form_token": await form_token(site), "email": ann.email, "password": PASSWORD}
    return await site.post(SIGN_IN, data=sent, headers=OWN | headers)


async def test_the_session_is_for_this_site_and_no_script(site: httpx.AsyncClient, ann: Someone) -> None:
    kept = cookies(await signed_in(site, ann))["cabinet"]

    assert (kept["httponly"], kept["samesite"], kept["path"], kept["domain"]) == (True, "lax", "/", "")
    assert (kept["max-age"], kept["expires"]) == ("", "")  # it ends with the browser


async def test_over_https_it_is_bound_to_the_host(settings: Settings, committed: Connection, ann: Someone) -> None:
    given = structs.replace(settings, public_url="https://cabinet.test")
    async with living(app.build(given)) as (site, _):
        site.base_url = httpx.URL("https://cabinet.test")
        assert committed
        kept = cookies(await signed_in(site, ann, origin="https://cabinet.test"))

        assert list(kept) == ["__Host-cabinet"]
        assert kept["__Host-cabinet"]["secure"] is True
        plain = {"cookie": f"cabinet={kept['__Host-cabinet'].value}"}
        site.cookies.clear()
        assert (await site.get("/cabinet", headers=plain)).status_code == 303


async def test_a_session_that_was_planted_is_worth_nothing_after_signing_in(
    site: httpx.AsyncClient, ann: Someone, committed: Connection
) -> None:
    await ann.sign_in()
    planted = ann.token
    site.cookies.set("cabinet", planted, domain="cabinet.test")
    browser = Browser(site)
    await browser.open("/cabinet")
    sent = {"form_token": browser.value("[name=form_token]"), "email": ann.email, "password": PASSWORD}

    answer = await site.post(SIGN_IN, data=sent, headers=OWN)

    assert cookies(answer)["cabinet"].value != planted
    assert await people.who(committed, planted) is None


async def test_who_signs_out_leaves_nothing_behind(hers: Browser, site: httpx.AsyncClient) -> None:
    token = hers.value("[name=form_token]")

    answer = await site.post("/cabinet/sign-out", data={"form_token": token}, headers=OWN)

    assert answer.headers["clear-site-data"] == '"cache", "cookies", "storage"'
    assert cookies(answer)["cabinet"]["max-age"] == "0"


async def test_a_session_that_was_not_used_for_long_ends(hers: Browser, committed: Connection) -> None:
    await age(committed, seen=SESSION_IDLE)

    answer = await hers.open("/cabinet")

    assert answer.url.path == SIGN_IN


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "/cabinet/..//evil.example",
        "/cabinet/../r/evil",
        "/cabinet/x/.%2E/../r/evil?k=1",
        "/cabinet/%2e%2e/widgets",
        "/cabinet/..",
        "/cabinet/.#x",
        "/cabinet@evil.example",
        "/cabinet\\@evil.example",
        "/cabinet.evil.example",
        "javascript:alert(1)",
        "/cabinet/\r\nLocation: https://evil.example",
        "/v1/accounts",
        "",
    ],
)
async def test_no_address_leads_out_of_the_cabinet(browser: Browser, ann: Someone, wanted: str) -> None:
    await browser.open(SIGN_IN, params={"next": wanted})
    assert browser.value("[name=next]") == "/cabinet"
    answer = await browser.site.post(
        SIGN_IN,
        data={
            "form_token": browser.value("[name=form_token]"),
            "email": ann.email,
            "password": PASSWORD,
            "next": wanted,
        },
        headers=OWN,
    )

    assert answer.headers["location"] == "/cabinet"


@pytest.mark.parametrize("path", ["/cabinet/.well", "/cabinet/a..b/..c?x=1.2", "/cabinet/accounts/1?period=month"])
def test_a_page_of_the_cabinet_is_come_back_to(path: str) -> None:
    assert way_back(path) == path


def test_a_long_text_is_cut_between_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "secure", lambda _: False)
    scope: Any = {"type": "http", "headers": []}
    answer = Response(b"")
    telling.tell(Request(scope), answer, "a" + "\u0639" * telling.LONGEST)
    scope["headers"] = [(b"cookie", f"told={answer.cookies[0].value}".encode())]

    assert telling.told(Request(scope)) == "a" + "\u0639" * ((telling.LONGEST - 1) // 2)


async def test_what_the_next_page_says_is_text(browser: Browser) -> None:
    for kept in ("PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg", "!!", "_w", "a"):
        browser.site.cookies.set("told", kept, domain="cabinet.test")
        answer = await browser.open(SIGN_IN)
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text
