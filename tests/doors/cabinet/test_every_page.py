"""Every page of the cabinet: closed to strangers, to forms of other sites, and to owners of other accounts."""

from typing import Any, Final

import httpx
import pytest

from opencabinet.access import Public
from opencabinet.db import Connection
from opencabinet.doors import gate
from opencabinet.settings import Settings
from tests import make
from tests.doors.cabinet.browser import OWN, Browser, owner
from tests.doors.legacy.asking import litestar as inner
from tests.living import built

PUBLIC: Final = {
    ("GET", "/cabinet/sign-in"),
    ("POST", "/cabinet/sign-in"),
    ("GET", "/cabinet/signed-out"),
    *((verb, f"/cabinet/{name}") for verb in ("GET", "POST") for name in ("second-factor", "password")),
    ("POST", "/cabinet/second-factor/passkey"),
    ("POST", "/cabinet/look"),
    ("GET", "/cabinet/static/{name}"),
}
"""What is there for whoever is not signed in."""
OTHERS: Final = 7_000_999
FILLED: Final = {"login": OTHERS, "name": "balance", "id": "1"}
SIGN_IN: Final = "/cabinet/sign-in"


def pages(site: httpx.AsyncClient) -> list[tuple[str, str, Any]]:
    """Return every page and form of the cabinet: verb, path and handler."""
    return [
        (verb, route.path_format, handler)
        for route, handler in gate.served(built(inner(site)).litestar)
        for verb in sorted(getattr(handler, "http_methods", set()) - {"OPTIONS"})
        if route.path_format.startswith("/cabinet")
    ]


async def test_only_these_are_there_for_whoever_is_not_signed_in(site: httpx.AsyncClient) -> None:
    public = {(verb, path) for verb, path, handler in pages(site) if isinstance(gate.need(handler), Public)}

    assert public == PUBLIC


async def test_who_is_not_signed_in_is_sent_to_sign_in(site: httpx.AsyncClient) -> None:
    for verb, path, _ in pages(site):
        if (verb, path) not in PUBLIC:
            answer = await site.request(verb, path.format(**FILLED), headers=OWN, data={"form_token": ""})
            assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, SIGN_IN), (verb, path)
            assert answer.headers["cache-control"] == "private, no-store"


async def test_no_form_is_taken_from_another_site_or_without_the_token(hers: Browser) -> None:
    token = hers.value("[name=form_token]")
    foreign: list[tuple[dict[str, str], str]] = [
        ({}, token),
        ({"origin": "null"}, token),
        ({"origin": "https://evil.example"}, token),
        ({"origin": "http://["}, token),
        ({"origin": "ftp://cabinet.test"}, token),
        ({"origin": "//cabinet.test"}, token),
        ({**OWN, "sec-fetch-site": "same-site"}, token),
        (OWN, ""),
        (OWN, "0" * 64),
    ]
    for verb, path, _ in pages(hers.site):
        if verb == "POST":
            for headers, shown in foreign:
                where = path.format(**FILLED)
                answer = await hers.site.post(where, data={"form_token": shown}, headers=headers)
                assert answer.status_code == 403, (path, headers, answer.status_code)


async def test_nobody_sees_or_changes_an_account_of_somebody_else(
    hers: Browser, committed: Connection, settings: Settings
) -> None:
    other = await make.account(committed, login=OTHERS)
    await owner(committed, settings, other.login, email="bob@example.com")
    token = hers.value("[name=form_token]")
    for verb, path, _ in pages(hers.site):
        if "{login}" in path:
            where = path.format(**FILLED)
            answer = await hers.site.request(verb, where, headers=OWN, data={"form_token": token})
            assert answer.status_code in {303, 403, 404}, (verb, path, answer.status_code)
            if answer.status_code == 303:
                assert answer.headers["location"].partition("?")[0] in {"/cabinet/prove", SIGN_IN}, (verb, path)


@pytest.mark.usefixtures("hers")
async def test_every_page_says_what_a_browser_may_do_with_it(site: httpx.AsyncClient) -> None:
    for verb, path, _ in pages(site):
        if verb == "GET" and "{" not in path:
            answer = await site.get(path)
            assert answer.status_code < 500, path
            policy = answer.headers["content-security-policy"]
            assert "unsafe" not in policy, path
            assert "require-trusted-types-for 'script'" in policy, path
            assert "frame-ancestors 'none'" in policy, path
            assert answer.headers["cache-control"] == "private, no-store", path
