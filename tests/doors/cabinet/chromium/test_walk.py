"""Every page of the cabinet in a real browser: nothing is refused, nobody is kept out, and it fits a phone."""

from typing import Final

import pytest
from litestar.types import ASGIApp

from opencabinet.access import operators, people
from opencabinet.access.operators import Role
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.doors import gate
from opencabinet.partners import programme
from tests.access.people.person import HERE, PASSWORD, Someone
from tests.doors.cabinet.chromium.seeing import DESK, PHONE, Sight
from tests.living import built

MANY: Final = 10
MOST_SCRIPT: Final = 150_000
PARTS: Final = ("/widgets/own", "/widgets/stranger")
"""What a page asks for; opened by itself it has the frame of a page, but no title."""
DOWNLOADS: Final = ("download", ".zip", ".csv", ".pdf", ".xlsx", "static", "{rest}")
ALL: Final = "UPDATE sessions SET level = 'second factor', stepped_up_at = now()"


def paths(application: ASGIApp, login: int) -> list[str]:
    """Return the address of every page that needs no more than an account to be named."""
    found = {
        route.path_format
        for route, handler in gate.served(built(application).litestar)
        if route.path_format.startswith("/cabinet") and "GET" in getattr(handler, "http_methods", set())
    }
    plain = {
        each.replace("{login}", str(login)) for each in found if not any(word in each for word in (*DOWNLOADS, *PARTS))
    }
    return sorted(each for each in plain if "{" not in each)


@pytest.fixture
async def everybody(committed: Connection, ann: Someone, account: Account) -> Someone:
    """Her: a client, a partner and an operator at once."""
    await programme.enrol(committed, account.login, "WALKS")
    person = await people.existing(committed, ann.email)
    await operators.appoint(committed, person, [Role.ADMINISTRATOR], HERE)
    return ann


@pytest.mark.parametrize(
    ("width", "dark", "language"), [pytest.param(DESK, False, "en", marks=pytest.mark.torture), (PHONE, True, "ar")]
)
async def test_every_page_is_as_it_should_be(
    seen: Sight,
    application: ASGIApp,
    everybody: Someone,
    account: Account,
    committed: Connection,
    *,
    width: int,
    dark: bool,
    language: str,
) -> None:
    wrong: dict[str, list[str]] = {}
    walked = 0
    await seen.page.set_extra_http_headers({"accept-language": language})
    await seen.look(width=width, dark=dark)
    await seen.open("/cabinet/sign-in")
    await seen.page.fill("#email", everybody.email)
    await seen.page.fill("#password", PASSWORD)
    await seen.page.press("#password", "Enter")
    await seen.page.wait_for_selector(".menu", state="attached")
    await committed.run(ALL)
    for path in paths(application, account.login):
        await seen.open(path)
        if await seen.page.locator(".menu").count() == 0:
            continue  # a part, which a page asks for: it is seen there
        walked += 1
        found = [*await seen.complaints(), *await seen.barriers()]
        if (weight := await seen.script_bytes()) > MOST_SCRIPT:
            found.append(f"{weight} bytes of script")
        if found:
            wrong[path] = found

    assert wrong == {}
    assert walked > MANY
