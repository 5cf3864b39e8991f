"""What somebody sets for themselves: name, language, colours; where they are signed in."""

import httpx
import pytest

from opencabinet.access import people
from opencabinet.db import Connection
from tests.access.people.person import Someone
from tests.doors.cabinet.browser import OWN, Browser

LOOK = "/cabinet/look"
SESSIONS = "/cabinet/settings/sessions"


async def test_a_name_is_changed_and_told(hers: Browser, committed: Connection, ann: Someone) -> None:
    await hers.open("/cabinet/settings")

    await hers.send("/cabinet/settings/name", name="  Ann of the Sea ")

    assert hers.text("[role=status]") == "Your name is changed."
    assert hers.value("#name") == "Ann of the Sea"
    assert "person.rename" in await committed.values("SELECT action FROM authorizations")
    assert ann.id


async def test_a_name_that_is_none_is_said_and_kept_on_the_page(hers: Browser) -> None:
    await hers.open("/cabinet/settings")

    answer = await hers.send("/cabinet/settings/name", name="a" * 200)

    assert (answer.status_code, hers.value("#name")) == (400, "a" * 200)
    assert "128" in hers.text("#name-wrong")


async def test_what_is_said_is_said_once(hers: Browser) -> None:
    await hers.open("/cabinet/settings")
    await hers.send("/cabinet/settings/name", name="Ann")
    assert hers.text(".flash")

    await hers.open("/cabinet/settings")

    assert not hers.text(".flash")


async def test_language_and_colours_go_along_to_other_devices(
    hers: Browser, site: httpx.AsyncClient, ann: Someone
) -> None:
    await hers.open("/cabinet/settings")
    await hers.send(LOOK, language="ar", theme="dark", back="/cabinet/settings")
    await hers.send("/cabinet/sign-out")
    site.cookies.clear()

    await hers.sign_in(ann.email)

    root = hers.page.css_first("html")
    assert root is not None
    assert (root.attributes["lang"], root.attributes["dir"], root.attributes["data-theme"]) == ("ar", "rtl", "dark")


async def test_who_is_not_signed_in_chooses_for_their_browser(browser: Browser) -> None:
    await browser.open("/cabinet/sign-in")

    await browser.send(LOOK, language="ar", theme="light", back="/cabinet/sign-in")

    assert browser.text("h1") == "تسجيل الدخول"


@pytest.mark.parametrize(("language", "theme"), [("xx", "pink"), ("", ""), ("en\r\nSet-Cookie: a=b", "dark;")])
async def test_what_is_no_language_or_theme_changes_nothing(hers: Browser, language: str, theme: str) -> None:
    await hers.open("/cabinet/settings")

    await hers.send(LOOK, language=language, theme=theme, back="/cabinet/settings")

    root = hers.page.css_first("html")
    assert root is not None
    assert (root.attributes["lang"], root.attributes["data-theme"]) == ("en", "auto")


async def test_the_browser_is_asked_for_its_language(browser: Browser) -> None:
    await browser.open("/cabinet/sign-in", headers={"accept-language": "fr, ar;q=0.8, en;q=0.5"})

    assert browser.text("h1") == "تسجيل الدخول"


async def test_every_place_is_listed_and_can_be_ended(hers: Browser, ann: Someone, committed: Connection) -> None:
    await ann.sign_in()
    await hers.open(SESSIONS)
    assert len(hers.page.css(".items > li")) == 2

    await hers.send(f"{SESSIONS}/end", session=hers.value("[name=session]"))

    assert hers.text("[role=status]") == "That session is ended."
    assert await people.who(committed, ann.token) is None
    assert len(hers.page.css(".items > li")) == 1


async def test_all_others_are_ended_and_this_one_stays(hers: Browser, ann: Someone, committed: Connection) -> None:
    for _ in range(3):
        await ann.sign_in()
    await hers.open(SESSIONS)

    await hers.send(f"{SESSIONS}/end-others")

    assert hers.text("[role=status]") == "3 sessions are ended."
    assert await people.who(committed, ann.token) is None


async def test_nobody_ends_a_session_of_somebody_else(
    hers: Browser, ann: Someone, committed: Connection, site: httpx.AsyncClient
) -> None:
    assert ann.id
    await committed.run("INSERT INTO people (email, name) VALUES ('bob@example.com', 'Bob')")
    await committed.run(
        "INSERT INTO sessions (hash, person, level, user_agent) SELECT sha256('x'), id, 'password', '' FROM people "
        "WHERE email = 'bob@example.com'"
    )
    [theirs] = await committed.values("SELECT max(id) FROM sessions")
    await hers.open(SESSIONS)

    await hers.send(f"{SESSIONS}/end", session=str(theirs))

    assert hers.text("[role=status]") == "That session had ended already."
    assert await committed.values("SELECT id FROM sessions WHERE id = %(id)s", id=theirs) == [theirs]
    assert (await site.post(f"{SESSIONS}/end", data={"session": "1"}, headers=OWN)).status_code == 403
