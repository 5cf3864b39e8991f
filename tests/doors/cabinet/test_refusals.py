"""What is refused is said in the reader's language, and tells nobody who is there."""

import inspect
from collections.abc import Iterator
from urllib.parse import quote

import httpx
import pytest

from opencabinet.access import fitness
from opencabinet.access.people import leaving
from opencabinet.access.people import model as people
from opencabinet.access.people.factors import model as factors
from opencabinet.doors.cabinet import refusals
from opencabinet.kernel.problem import Problem
from tests.access.people.person import Someone
from tests.doors.cabinet.browser import OWN, Browser

OF_OPERATORS = {"NoSuchPerson", "BadEmail", "EmailTaken", "OtherOwner", "StepUpNeeded"}
"""What nobody meets who signs in, or that leads to a page of its own."""


def problems() -> Iterator[type[Problem]]:
    """Give every problem of signing in and of settings."""
    for module in (people, factors, fitness, leaving):
        for each in vars(module).values():
            if inspect.isclass(each) and issubclass(each, Problem) and each.__name__ not in OF_OPERATORS:
                yield each


@pytest.mark.parametrize("problem", sorted({*problems()}, key=str))
def test_every_problem_of_people_is_said_in_every_language(problem: type[Problem]) -> None:
    kernel = problem.__module__ == "opencabinet.kernel.problem"

    assert kernel or str(problem()) in {*refusals.OF_SIGNING_IN, *refusals.OF_SETTINGS}


async def test_a_refusal_is_said_in_the_readers_language(browser: Browser, ann: Someone) -> None:
    await browser.open("/cabinet/sign-in")
    await browser.send("/cabinet/look", language="ar", theme="auto", back="/cabinet/sign-in")

    await browser.send("/cabinet/sign-in", email=ann.email, password="wrong")

    assert browser.text("[role=alert]") == "البريد الإلكتروني أو كلمة المرور غير صحيحة."


async def test_unknown_and_wrong_are_answered_alike(browser: Browser, ann: Someone) -> None:
    said = []
    for email in (ann.email, "nobody@example.com"):
        answer = await browser.sign_in(email, "not it, not it at all")
        text = answer.text.replace(email, "EMAIL")
        said.append((answer.status_code, text, sorted(answer.headers)))

    assert said[0] == said[1]


async def test_who_guesses_too_often_is_told_how_long_to_wait(browser: Browser, ann: Someone) -> None:
    answer: httpx.Response | None = None
    for _ in range(30):
        answer = await browser.sign_in(ann.email, "not it, not it at all")
        if answer.status_code != 403:
            break

    assert answer is not None
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0
    assert "Try again in" in browser.text("[role=alert]")
    assert browser.value("#email") == ann.email


async def test_a_page_that_is_not_there_is_a_page(browser: Browser) -> None:
    for path in ("/cabinet/nowhere", "/cabinet/accounts/x/y/z"):
        answer = await browser.open(path)
        assert (answer.status_code, browser.text("h1")) == (404, "There is nothing here"), path


async def test_a_part_that_fails_is_a_part(hers: Browser) -> None:
    answer = await hers.open("/cabinet/nowhere", headers={"hx-request": "true"})

    assert answer.status_code == 404
    assert answer.text.lstrip().startswith('<div class="part">')
    assert "<html" not in answer.text


@pytest.mark.parametrize("address", ["http://[", "//[x]/cabinet", "http://[::::]/cabinet", "\x7f", "//", ""])
async def test_an_address_that_is_none_is_come_back_to_by_nobody(hers: Browser, address: str) -> None:
    about = {"hx-request": "true", "hx-current-url": address}
    for path in ("/cabinet/nowhere", "/cabinet/settings/security/passkey", "/cabinet/settings"):
        for headers in ({"referer": address}, about):
            answer = await hers.site.get(path, headers=headers)
            assert answer.status_code in {200, 204, 303, 404}, (path, answer.status_code)
            place = answer.headers.get("hx-redirect", answer.headers.get("location", ""))
            assert place in {"", "/cabinet/prove?next=%2Fcabinet", "/cabinet/prove?next=" + quote(path, safe="")}
        answer = await hers.site.post(
            "/cabinet/settings/data/export", headers={**OWN, "referer": address}, data={"form_token": ""}
        )
        assert answer.status_code == 403


@pytest.mark.parametrize("host", ["[::::]", "[::1]", "[1.2.3.4]", "[::1]:8000", "cabinet.test:99999"])
async def test_a_host_that_is_none_is_served_or_refused(site: httpx.AsyncClient, host: str) -> None:
    for path in ("/cabinet/sign-in", "/cabinet"):
        assert (await site.get(path, headers={"host": host})).status_code < 500, path


async def test_a_part_asked_for_after_the_session_leads_to_signing_in(browser: Browser) -> None:
    headers = {"hx-request": "true", "hx-current-url": "http://cabinet.test/cabinet/settings?x=1"}

    answer = await browser.open("/cabinet/settings/sessions", headers=headers)

    assert answer.status_code == 204
    assert answer.headers["hx-redirect"] == "/cabinet/sign-in?next=%2Fcabinet%2Fsettings%3Fx%3D1"
