"""Journeys in a real browser: signing in with each factor, and what happens where something fails."""

from typing import Any

import pyotp
import pytest

from opencabinet.access.people import factors
from opencabinet.accounts import Account
from opencabinet.db import Connection
from tests.access.people.person import PASSWORD, Someone
from tests.doors.cabinet.chromium.conftest import SECRET
from tests.doors.cabinet.chromium.seeing import Sight

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


async def device(seen: Sight) -> Any:
    """Give the browser a device with passkeys."""
    session = await seen.page.context.new_cdp_session(seen.page)
    await session.send("WebAuthn.enable")
    await session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return session


async def heading(seen: Sight) -> str:
    """Return what the page is about."""
    return str(await seen.page.inner_text("h1"))


async def test_a_passkey_is_made_and_opens_the_cabinet(seen: Sight, ann: Someone, committed: Connection) -> None:
    session = await device(seen)
    await seen.sign_in(ann.email, PASSWORD)
    await seen.open("/cabinet/settings/security/passkey")
    await seen.page.fill("#password", PASSWORD)
    await seen.press("Go on")
    await seen.page.fill("#name", "Phone")

    await seen.press("Make the passkey")
    await seen.page.wait_for_selector(".flash")

    assert (await factors.ways(committed, ann.id)).passkeys == 1
    await seen.page.click("details.drop:last-of-type summary")
    await seen.page.click("text=Sign out")
    await seen.sign_in(ann.email, PASSWORD)
    assert await heading(seen) == "One more step"
    await seen.press("Use a passkey")
    await seen.page.wait_for_selector("h1:has-text('Your accounts')")
    assert await seen.complaints() == []
    await session.detach()


async def test_a_passkey_that_is_not_there_is_said_and_another_way_is_open(seen: Sight, ann: Someone) -> None:
    await seen.sign_in(ann.email, PASSWORD)
    await seen.open("/cabinet/settings/security/passkey")
    await seen.page.fill("#password", PASSWORD)
    await seen.press("Go on")
    session = await device(seen)
    await session.send("WebAuthn.disable")
    await seen.page.evaluate("void (navigator.credentials.create = () => Promise.reject(new Error('no')))")
    await seen.page.fill("#name", "Phone")

    await seen.press("Make the passkey")

    await seen.page.wait_for_selector("form [role=alert]:not([hidden])")
    assert await seen.page.input_value("#name") == "Phone"
    assert await seen.page.is_enabled("main button")


@pytest.mark.usefixtures("with_app")
async def test_an_app_opens_the_cabinet(seen: Sight, ann: Someone, account: Account) -> None:
    await seen.sign_in(ann.email, PASSWORD)
    await seen.page.fill("#app-code", pyotp.TOTP(SECRET).now())

    await seen.page.press("#app-code", "Enter")
    await seen.page.wait_for_selector("h1:has-text('Your accounts')")

    assert str(account.login) in await seen.page.inner_text("main")
    cookies = await seen.page.context.cookies()
    assert [each["httpOnly"] for each in cookies if each["name"] == "cabinet"] == [True]
    kept = "[localStorage.length, document.cookie, navigator.serviceWorker?.controller]"
    assert await seen.page.evaluate(kept) == [0, "", None]


async def test_language_and_colours_are_taken_where_they_are_chosen(seen: Sight, ann: Someone) -> None:
    await seen.sign_in(ann.email, PASSWORD)
    await seen.page.select_option("#theme", "dark")
    await seen.page.wait_for_selector("html[data-theme=dark]")
    dark = await seen.page.evaluate("getComputedStyle(document.documentElement).backgroundColor")

    await seen.page.select_option("#language", "ar")
    await seen.page.wait_for_selector("html[dir=rtl]")

    assert dark == "rgb(14, 18, 25)"
    assert await seen.complaints() == []


async def test_all_of_it_is_reached_by_the_keyboard(seen: Sight, ann: Someone) -> None:
    await seen.open("/cabinet/sign-in")
    await seen.page.keyboard.press("Tab")
    assert await seen.page.evaluate("document.activeElement.className") == "skip"
    await seen.page.focus("#email")
    await seen.page.keyboard.type(ann.email)
    await seen.page.keyboard.press("Tab")
    await seen.page.keyboard.type(PASSWORD)
    await seen.page.keyboard.press("Enter")
    await seen.page.wait_for_selector("h1:has-text('Your accounts')")
    await seen.page.focus("details.drop:last-of-type summary")
    await seen.page.keyboard.press("Enter")
    assert await seen.page.is_visible("text=Sign out")
    await seen.page.keyboard.press("Escape")
    assert not await seen.page.is_visible("text=Sign out")


@pytest.mark.parametrize(
    "text",
    [
        "<script>window.ran = 1</script>",
        "<img src=x onerror='window.ran = 1'>",
        "<svg><animate onbegin=window.ran=1></svg>",
        '<iframe srcdoc="<script>parent.ran = 1</script>"></iframe>',
        '<a href="javascript:window.ran=1">x</a>',
        "<!--><img src=x onerror=window.ran=1>-->",
        '<a title=x"y><img title="z" src=x onerror=window.ran=1>',
        "<form action='https://evil.example/'></form><style>*{}</style>",
        "<p><head><script>window.ran = 1</script></head><iframe srcdoc=x></iframe>",
        "<div hx-on:click='window.ran = 1'></div>",
        "<p\x0bonclick='window.ran = 1'>",
        "<math><mtext><table><mglyph><style><img src=x onerror=window.ran=1></style></mglyph></table></mtext></math>",
    ],
)
async def test_the_policy_of_trusted_types_lets_nothing_run(seen: Sight, text: str) -> None:
    await seen.open("/cabinet/sign-in")
    tried = (
        "(text) => { try { document.querySelector('main').innerHTML = text; return 'in'; } catch { return 'out'; } }"
    )

    assert await seen.page.evaluate(tried, text) == "out"
    assert await seen.page.evaluate("window.ran") is None


@pytest.mark.parametrize(
    "text",
    [
        '<p class="card">1 &lt; 2 onclick=no<a href="/cabinet?x=1&amp;y" hx-get="/cabinet">x</a></p>',
        "<svg viewBox='0 0 1 1' aria-hidden=true><use href='/cabinet/static/icons.svg#home'/></svg>",
        '<table><tbody><tr><td data-label="Profit">−1.00</td></tr></tbody></table><input value="&quot;" required>',
    ],
)
async def test_the_policy_lets_in_what_pages_are_made_of(seen: Sight, text: str) -> None:
    await seen.open("/cabinet/sign-in")

    await seen.page.evaluate("(text) => { document.querySelector('main').innerHTML = text; }", text)

    assert await seen.page.evaluate("document.querySelector('main').children.length") >= 1


async def test_the_head_of_a_page_goes_nowhere(seen: Sight) -> None:
    await seen.open("/cabinet/sign-in")
    text = "<p>1</p><head><img src=x onerror='window.ran = 1'><style>*{}</style></head><p>2</p>"

    await seen.page.evaluate("(text) => { document.querySelector('main').innerHTML = text; }", text)

    assert await seen.page.evaluate("document.querySelector('main').innerHTML") == "<p>1</p><p>2</p>"


@pytest.mark.parametrize("tried", ["text = '1'", "src = 'https://evil.example/x.js'", "src = '/cabinet/static/x.js'"])
async def test_no_script_is_made_by_a_script(seen: Sight, tried: str) -> None:
    await seen.open("/cabinet/sign-in")
    made = f"document.createElement('script').{tried}"

    assert (
        await seen.page.evaluate(f"(() => {{ try {{ {made}; return 'in'; }} catch {{ return 'out'; }} }})()") == "out"
    )


async def test_a_form_of_another_site_does_nothing(seen: Sight, ann: Someone, address: str) -> None:
    await seen.sign_in(ann.email, PASSWORD)
    other = await seen.page.context.new_page()
    await other.goto(
        "data:text/html,<form method=post action='" + address + "/cabinet/sign-out'><button>x</button></form>"
    )
    await other.click("button")
    await other.wait_for_load_state()
    await other.close()

    await seen.open("/cabinet")

    assert await heading(seen) == "Your accounts"
