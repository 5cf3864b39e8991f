"""What operators do and read is proved where it matters, told in the history, and typed text stays text."""

import httpx
import pytest

from opencabinet.access.history import NOBODY
from opencabinet.access.operators import Role
from opencabinet.db import Connection
from opencabinet.settings import Settings
from tests.doors.cabinet.browser import Browser
from tests.doors.cabinet.operator.test_roles import AREA
from tests.doors.cabinet.operator.working import WHO, World, operator, told


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/people", {"email": "ben@example.com"}),
        ("/operators", {"email": "ann@example.com", "role": "content"}),
        ("/rewards/{direct}/move", {"reward": "{reward}", "move": "approve"}),
        ("/people/{ann}/code", {}),
        ("/people/{ann}/link", {"login": "{client}"}),
        ("/people/{ann}/reset-factors", {}),
        ("/plans/what-if/approve", {"plans": '{"plans":[]}', "month": "2026-03", "digest": "x"}),
    ],
)
async def test_what_matters_most_needs_a_proof_of_the_last_minutes(
    committed: Connection,
    settings: Settings,
    site: httpx.AsyncClient,
    here: World,
    path: str,
    fields: dict[str, str],
) -> None:
    browser = await operator(committed, settings, site, Role.ADMINISTRATOR, fresh=False)
    names = {
        "direct": here.programme.direct,
        "client": here.programme.client,
        "ann": here.ann.id,
        "reward": here.reward,
    }
    spelled = {f"{{{name}}}": str(value) for name, value in names.items()}
    before = await committed.value("SELECT count(*) FROM authorizations WHERE detail ? 'operator'")
    await browser.open("/cabinet")
    token = browser.value("[name=form_token]")

    given = {name: spelled.get(value, value) for name, value in fields.items()}
    answer = await browser.send(AREA + path.format(**names), token=token, **given)

    assert answer.status_code == 403
    assert path.partition("{")[0] in browser.value("[name=kept]"), "The form waits until then."
    assert await committed.value("SELECT count(*) FROM authorizations WHERE detail ? 'operator'") == before


async def test_looking_at_an_account_is_told_to_its_owner_once_an_hour(
    admin: Browser, here: World, committed: Connection
) -> None:
    for _ in range(3):
        await admin.open(f"{AREA}/accounts/{here.login}")
        await admin.open(f"{AREA}/accounts/{here.login}/trades")

    [row] = await told(committed, "operator.look")
    assert row.startswith(f"{here.login} ")
    assert row.endswith(WHO)


async def test_whatever_is_read_of_somebody_is_told(admin: Browser, here: World, committed: Connection) -> None:
    partner, read = here.programme.direct, {here.login: "accounts/{}/policy", here.programme.client: "imports/{}/rows"}
    for login, path in read.items():
        assert (await admin.open(f"{AREA}/{path.format(login)}")).status_code == 200, path
    await admin.open(f"{AREA}/partners/{partner}")
    await admin.open(f"{AREA}/rewards/{partner}")
    await admin.open(f"{AREA}/rewards/{partner}/{here.reward}")
    await admin.open(f"{AREA}/people/{here.ann.id}")

    rows = await told(committed, "operator.look")

    assert [row.partition(", by operator")[0] for row in rows] == [
        *(f"{login} operator.look: the account was looked at" for login in (*read, partner)),
        f"{NOBODY} operator.look: person {here.ann.id} was looked at",
    ]


@pytest.mark.parametrize("path", ["rewards/{}", "rewards/{}/{}", "partners/{}"])
async def test_each_page_of_a_partner_is_told_by_itself(
    admin: Browser, here: World, committed: Connection, path: str
) -> None:
    await admin.open(f"{AREA}/{path.format(here.programme.direct, here.reward)}")

    assert len(await told(committed, "operator.look")) == 1


async def test_looking_for_an_account_that_is_not_there_leaves_no_trace(admin: Browser, committed: Connection) -> None:
    for path in ("accounts/42", "accounts/42/trades", "accounts/42/policy", "imports/42", "accounts/x"):
        assert (await admin.open(f"{AREA}/{path}")).status_code == 404, path

    assert await told(committed, "operator.look") == []


TYPED = '<img src=x onerror=alert(1)> 100% %(x)s "'


FORMS = {
    "/people": ("email", "name", "accounts"),
    "/operators": ("email", "role"),
    "/operators/dismiss": ("email", "role"),
    "/news": ("title", "summary", "body", "language", "category", "symbols", "published_at"),
    "/plans/what-if": ("plans", "month", "partner"),
    "/plans/what-if/approve": ("plans", "month", "digest"),
    "/rewards/{partner}/move": ("reward", "move"),
    "/rewards/{partner}/disputes/{dispute}": ("outcome", "note"),
    "/people/{ann}/link": ("login",),
    "/applications/{application}/open": ("login", "note"),
}


RIGHT = {
    "email": "b<i>@example.com",
    "role": "reader",
    "language": "en",
    "category": "news",
    "body": "x",
    "title": "x",
    "month": "2026-01",
    "plans": '[{"name": "<i>", "parts": [{"kind": "<img src=x>%s"}]}]',
}


@pytest.mark.parametrize("path", FORMS)
async def test_what_was_typed_is_text_where_it_is_refused(admin: Browser, here: World, path: str) -> None:
    await admin.open(f"{AREA}/people")
    token = admin.value("[name=form_token]")
    given = {"partner": here.programme.direct, "dispute": here.dispute, "ann": here.ann.id}
    where = AREA + path.format(**given, application=here.application)
    right = {name: RIGHT[name] for name in FORMS[path] if name in RIGHT}
    for wrong in ({}, *({name: typed} for name in FORMS[path] for typed in (TYPED, "<img>@example.com", "100%"))):
        answer = await admin.send(where, token=token, **(right | wrong))
        assert answer.status_code < 500, (path, wrong)
        assert "<img" not in answer.text, (path, wrong, admin.text("[role=alert]"))
        assert "<i>" not in answer.text, (path, wrong, admin.text("[role=alert]"))
