"""The page of the builder: what can be chosen, what a stranger reads, the keys that are made, and what is copied."""

import html

import httpx
import pytest

from opencabinet import access
from opencabinet.access import Function, Kind, Level, Policy, Rule
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.doors.cabinet.builder.wanted import WAYS
from opencabinet.doors.showing.definitions import WIDGETS
from opencabinet.partners import programme
from tests.doors.cabinet.browser import Browser

OPEN = Policy(default=Rule(level=Level.OPEN))
PAGE = "https://www.example.com"
OURS = [name for name, each in WIDGETS.items() if each.of != "partner"]


PROVED = "UPDATE sessions SET stepped_up_at = now()"


def where(account: Account, rest: str = "") -> str:
    return f"/cabinet/accounts/{account.login}/widgets{rest}"


def snippet(browser: Browser, name: str) -> str:
    """Return a snippet of the page."""
    found = browser.page.css_first(f"#snippet-{name}")
    return found.text() if found else ""


@pytest.mark.parametrize("widget", OURS)
async def test_every_widget_is_built_in_every_way(hers: Browser, account: Account, widget: str) -> None:
    ways = WAYS if WIDGETS[widget].of == "account" else ["open"]
    for way in ways:
        answer = await hers.open(where(account, f"?widget={widget}&way={way}"))
        assert answer.status_code == 200
        text = "".join(node.text() for node in hers.page.css("textarea.code"))
        assert f"/{widget}" in text or f"cabinet-{widget}" in text, way
        assert ("/w/private/" in text) is (way in {"password", "ticket"})


async def test_what_is_chosen_stands_in_every_snippet_and_what_is_usual_in_none(
    hers: Browser, account: Account
) -> None:
    query = "?widget=closed-trades&theme=dark&accent=%23aa2211&lang=ar&rows=5&period=week&columns=symbol&columns=net"
    await hers.open(where(account, query))
    for name in ("html", "iframe", "bbcode", "markdown", "wordpress", "block"):
        for told in ("dark", "aa2211", "ar", "5", "week", "symbol,net"):
            assert told in snippet(hers, name), (name, told)
    await hers.open(where(account, "?widget=closed-trades&theme=auto&accent=%231d5fb8&rows=10&title=show"))
    assert "?" not in snippet(hers, "wordpress")


async def test_scripts_are_named_with_what_browsers_compare_them_with(hers: Browser, account: Account) -> None:
    for way, name in (("open", "html"), ("open", "iframe"), ("password", "iframe"), ("ticket", "php")):
        await hers.open(where(account, f"?way={way}"))
        assert 'integrity="sha384-' in snippet(hers, name)
        assert 'crossorigin="anonymous"' in snippet(hers, name)


async def test_what_cannot_be_read_is_said_and_left_out(hers: Browser, account: Account) -> None:
    await hers.open(where(account, "?widget=balance&accent=red&columns=nonsense&theme=dark"))
    assert "six hex digits" in hers.text(".flash")
    assert "accent" not in snippet(hers, "wordpress")
    assert "theme=dark" in snippet(hers, "wordpress")


async def test_what_somebody_types_stays_text(hers: Browser, account: Account) -> None:
    hostile = "%22%3E%3C/textarea%3E%3Cscript%3Ealert(1)%3C/script%3E"
    answer = await hers.open(where(account, f"?widget=open-trades&symbol={hostile}&widget=open-trades&key={hostile}"))
    assert "<script>alert" not in answer.text
    assert "alert(1)" in html.unescape(snippet(hers, "html"))
    assert "<script>alert" not in snippet(hers, "html")


async def test_the_page_itself_asks_v1_nothing(
    hers: Browser, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr("opencabinet.doors.within.ask", never)
    assert (await hers.open(where(account))).status_code == 200


async def test_a_stranger_reads_what_v1_tells_them_to_the_byte(
    hers: Browser, site: httpx.AsyncClient, committed: Connection, account: Account
) -> None:
    await access.set_policy(committed, account.login, OPEN)
    await hers.open(where(account, "/stranger?widget=balance"))
    async with httpx.AsyncClient(transport=site._transport, base_url=site.base_url) as stranger:  # noqa: SLF001 - without her cookies
        told = (await stranger.get(f"/v1/accounts/{account.login}/balance")).text

    shown = hers.page.css_first("pre.answer")
    assert shown is not None
    assert "".join(shown.text().split()) == "".join(told.split())


async def test_who_closed_the_account_is_warned_and_led_to_its_rules(hers: Browser, account: Account) -> None:
    await hers.open(where(account, "/stranger?widget=balance"))
    assert "closed for it" in hers.text(".flash")
    assert hers.page.css_first(f'a[href="/cabinet/accounts/{account.login}/access"]')
    assert "401" in hers.text(".badge")
    await hers.open(where(account, "/stranger?widget=balance&way=password"))
    assert "as you want it" in hers.text(".flash")


async def test_a_key_for_frames_goes_into_the_snippets(hers: Browser, committed: Connection, account: Account) -> None:
    await committed.run(PROVED)
    await hers.open(where(account, "?way=password"))
    await hers.send(where(account, "/key"), widget="balance", way="password", theme="dark", origins=PAGE)

    [key] = await access.keys(committed, account.login)
    assert (key.kind, key.origins, key.functions) == (Kind.PUBLISHABLE, (PAGE,), frozenset({Function.BALANCE}))
    assert "key=cck_" in snippet(hers, "iframe")
    assert "theme=dark" in snippet(hers, "iframe")
    assert not hers.page.css_first("#origins"), "It is not asked for again."


async def test_a_server_key_is_shown_once_and_stands_in_no_address(
    hers: Browser, committed: Connection, account: Account
) -> None:
    await committed.run(PROVED)
    await hers.open(where(account, "?way=ticket"))
    answer = await hers.send(where(account, "/key"), widget="balance", way="ticket", page=PAGE)
    [key] = await access.keys(committed, account.login)
    secret = hers.text("#made")

    assert (key.kind, key.functions) == (Kind.SERVER, frozenset({Function.BALANCE}))
    assert secret.startswith("ccs_")
    assert secret not in str(answer.url)
    assert secret not in snippet(hers, "php")
    assert PAGE in snippet(hers, "php")
    await hers.open(where(account, "?way=ticket"))
    assert "ccs_" not in (hers.page.html or "")


async def test_what_v1_refuses_is_said_and_nothing_typed_is_lost(
    hers: Browser, committed: Connection, account: Account
) -> None:
    await committed.run(PROVED)
    await hers.open(where(account, "?way=password"))
    answer = await hers.send(where(account, "/key"), widget="balance", way="password", origins="http://plain.example")
    assert answer.status_code == 400
    assert "https" in hers.text(".flash")
    assert "http://plain.example" in hers.text("#origins")
    await hers.open(where(account, "?way=key"))
    answer = await hers.send(where(account, "/key"), widget="balance", way="key", origins=PAGE)
    assert (answer.status_code, "only what is open" in hers.text(".flash")) == (409, True)


async def test_who_has_not_proved_who_they_are_does_so_before_a_key_is_made(
    hers: Browser, committed: Connection, account: Account
) -> None:
    await hers.open(where(account, "?way=password"))
    await hers.send(where(account, "/key"), widget="balance", way="password", origins=PAGE)
    assert await access.keys(committed, account.login) == []
    assert hers.page.css_first("[name=password]")


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_without_a_host_of_its_own_a_widget_is_seen_as_a_picture(
    hers: Browser, account: Account, theme: str
) -> None:
    await hers.open(where(account))
    image = hers.page.css_first(f".ground.{theme} img")
    assert image is not None
    assert image.attributes["src"] == f"/w/balance/{account.login}.svg?theme={theme}"


@pytest.mark.parametrize("widget", [name for name, each in WIDGETS.items() if each.of != "account"])
async def test_partners_build_widgets_of_theirs(
    hers: Browser, committed: Connection, account: Account, widget: str
) -> None:
    await programme.enrol(committed, account.login)
    base = f"/cabinet/partners/{account.login}/widgets"
    answer = await hers.open(f"{base}?widget={widget}")
    assert answer.status_code == 200
    assert f"cabinet-{widget}" in snippet(hers, "html")
    assert [each.attributes["value"] for each in hers.page.css("#widget option")] == [
        name for name, each in WIDGETS.items() if each.of != "account"
    ]
    await hers.open(f"{base}/stranger?widget={widget}")
    assert ("closed for it" in hers.text()) is (WIDGETS[widget].of == "partner")


async def test_who_is_no_partner_builds_none(hers: Browser, account: Account) -> None:
    assert (await hers.open(f"/cabinet/partners/{account.login}/widgets")).status_code == 404
