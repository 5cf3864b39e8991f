"""Every page and form of the operator's area, against every role."""

from typing import Any, Final

import httpx
import pytest

from opencabinet.access import Duty, Signed
from opencabinet.access.operators import READING, Role, duties
from opencabinet.db import Connection
from opencabinet.doors import gate
from opencabinet.settings import Settings
from tests.doors.cabinet.browser import OWN
from tests.doors.cabinet.operator.working import World, banner_file, operator, told
from tests.doors.cabinet.test_every_page import pages
from tests.doors.legacy.asking import litestar

AREA: Final = "/cabinet/operator"
NEEDS: Final = {
    ("GET", ""): Signed.IN,
    ("GET", "/search"): Duty.SEARCH,
    ("GET", "/accounts/{login}"): Duty.ACCOUNTS,
    ("GET", "/accounts/{login}/around"): Duty.ACCOUNTS,
    ("GET", "/accounts/{login}/trades"): Duty.ACCOUNTS,
    ("GET", "/accounts/{login}/policy"): Duty.POLICIES,
    ("GET", "/people"): Duty.PEOPLE,
    ("POST", "/people"): Duty.PEOPLE,
    ("GET", "/people/{id}"): Duty.PEOPLE,
    ("POST", "/people/{id}/code"): Duty.PEOPLE,
    ("POST", "/people/{id}/link"): Duty.PEOPLE,
    ("POST", "/people/{id}/unlink"): Duty.PEOPLE,
    ("POST", "/people/{id}/end-sessions"): Duty.PEOPLE,
    ("POST", "/people/{id}/reset-factors"): Duty.PEOPLE,
    ("GET", "/deletions"): Duty.PEOPLE,
    ("GET", "/applications"): Duty.APPLICATIONS,
    ("POST", "/applications/{id}/open"): Duty.APPLICATIONS,
    ("POST", "/applications/{id}/refuse"): Duty.APPLICATIONS,
    ("GET", "/imports"): Duty.IMPORTS,
    ("GET", "/imports/{login}"): Duty.IMPORTS,
    ("GET", "/imports/{login}/rows"): Duty.IMPORTS,
    ("GET", "/partners"): Duty.PARTNERS,
    ("GET", "/partners/{login}"): Duty.PARTNERS,
    ("GET", "/plans"): Duty.PARTNERS,
    ("GET", "/plans/what-if"): Duty.PARTNERS,
    ("POST", "/plans/what-if"): Duty.PARTNERS,
    ("POST", "/plans/what-if/approve"): Duty.PLANS,
    ("GET", "/rewards"): Duty.REWARDS,
    ("GET", "/rewards/{login}"): Duty.REWARDS,
    ("GET", "/rewards/{login}/{id}"): Duty.REWARDS,
    ("POST", "/rewards/{login}/move"): Duty.REWARDS,
    ("POST", "/rewards/{login}/disputes/{id}"): Duty.REWARDS,
    ("GET", "/news"): Duty.CONTENT,
    ("POST", "/news"): Duty.CONTENT,
    ("GET", "/news/{id}"): Duty.CONTENT,
    ("POST", "/news/{id}"): Duty.CONTENT,
    ("POST", "/news/{id}/withdraw"): Duty.CONTENT,
    ("GET", "/banners"): Duty.CONTENT,
    ("POST", "/banners"): Duty.CONTENT,
    ("POST", "/banners/{id}/withdraw"): Duty.CONTENT,
    ("GET", "/audit"): Duty.AUDIT,
    ("GET", "/operators"): Duty.OPERATORS,
    ("POST", "/operators"): Duty.OPERATORS,
    ("POST", "/operators/dismiss"): Duty.OPERATORS,
}
"""What each page and form needs; one that is not here is a failure."""


def area(site: httpx.AsyncClient) -> dict[tuple[str, str], Any]:
    """Return the pages and forms of the area with their needs."""
    return {
        (verb, path.removeprefix(AREA)): gate.need(handler)
        for verb, path, handler in pages(site)
        if path == AREA or path.startswith(f"{AREA}/")
    }


def filled(path: str, here: World) -> str:
    """Return a path that names something which is there."""
    number = {
        "/applications": here.application,
        "/people": here.ann.id,
        "/news": here.article,
        "/banners": here.banner,
        "/rewards/{login}/disputes": here.dispute,
        "/rewards": here.reward,
    }
    partner = path.startswith(("/partners", "/rewards"))
    found = next((value for start, value in number.items() if path.startswith(start)), 0)
    return AREA + path.format(login=here.programme.direct if partner else here.login, id=found)


def test_every_page_and_form_needs_what_is_written_here(site: httpx.AsyncClient) -> None:
    assert area(site) == NEEDS


@pytest.mark.parametrize("level", ["password", "second factor"])
@pytest.mark.parametrize("role", [*Role, None])
async def test_a_role_opens_its_own_pages_and_no_others(
    committed: Connection, settings: Settings, site: httpx.AsyncClient, here: World, role: Role | None, level: str
) -> None:
    roles = () if role is None else (role,)
    browser = await operator(committed, settings, site, *roles, level=level)
    may = duties(roles, proved=level == "second factor")

    for (verb, path), needed in NEEDS.items():
        if verb == "GET":
            answer = await browser.open(filled(path, here))
            allowed = bool(roles) if needed is Signed.IN else needed in may
            assert answer.status_code == (200 if allowed else 403), (path, answer.status_code, browser.text())


@pytest.mark.parametrize("level", ["password", "second factor"])
@pytest.mark.parametrize("role", [*Role, None])
async def test_a_form_is_refused_to_a_role_that_has_not_the_duty(
    committed: Connection, settings: Settings, site: httpx.AsyncClient, here: World, role: Role | None, level: str
) -> None:
    roles = () if role is None else (role,)
    browser = await operator(committed, settings, site, *roles, level=level)
    await browser.open("/cabinet")
    token = browser.value("[name=form_token]")
    before = await committed.value("SELECT count(*) FROM authorizations WHERE granted")

    for (verb, path), needed in NEEDS.items():
        if verb == "POST" and needed not in duties(roles, proved=level == "second factor"):
            files = {"file": ("b.svg", banner_file())} if path == "/banners" else None
            where = filled(path, here)
            answer = await site.post(where, data={"form_token": token}, files=files, headers=OWN)
            assert answer.status_code == 403, (path, answer.status_code)

    assert await committed.value("SELECT count(*) FROM authorizations WHERE granted") == before


@pytest.mark.parametrize("role", Role)
async def test_links_and_forms_that_a_role_may_not_use_are_not_shown(
    committed: Connection, settings: Settings, site: httpx.AsyncClient, here: World, role: Role
) -> None:
    browser = await operator(committed, settings, site, role)
    for (verb, path), needed in NEEDS.items():
        if verb == "GET" and needed in role.duties:
            await browser.open(filled(path, here))
            for element in browser.page.css("a[href^='/cabinet/operator'], form[action^='/cabinet/operator']"):
                target = (element.attributes.get("href") or element.attributes.get("action") or "").partition("?")[0]
                wanted = needed_by("POST" if element.tag == "form" and method(element) == "post" else "GET", target)
                assert wanted is Signed.IN or wanted in role.duties, (path, target, wanted)


def method(form: Any) -> str:
    """Return how a form is sent."""
    return str(form.attributes.get("method") or "get").lower()


def needed_by(verb: str, target: str) -> Any:
    """Return what a page or form needs that is at an address."""
    asked = target.removeprefix(AREA).split("/")
    for (of, path), needed in NEEDS.items():
        pieces = path.split("/")
        same = len(pieces) == len(asked) and all(
            piece.startswith("{") or piece == given for piece, given in zip(pieces, asked, strict=True)
        )
        if of == verb and same:
            return needed
    raise AssertionError(f"{verb} {target} leads nowhere.")


async def test_a_refused_operator_is_told_of(
    committed: Connection, settings: Settings, site: httpx.AsyncClient
) -> None:
    browser = await operator(committed, settings, site, Role.CONTENT)

    await browser.open(f"{AREA}/audit")
    await site_settled(site)

    [row] = await told(committed, "operator")
    assert "no duty audit" in row


async def site_settled(site: httpx.AsyncClient) -> None:
    """Wait until the history has been written."""
    await litestar(site).state.history.settle()


def test_reading_is_all_that_a_password_alone_opens() -> None:
    assert duties(list(Role), proved=False) == READING
