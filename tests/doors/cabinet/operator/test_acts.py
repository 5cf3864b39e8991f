"""What operators do: done as commands do it, said on the page, and told in the history with who did it."""

import json

import httpx
import pytest

from opencabinet.access import people
from opencabinet.access.history import NOBODY
from opencabinet.access.operators import Role
from opencabinet.db import Connection
from opencabinet.settings import Settings
from tests.access.people.person import HERE, OTHER
from tests.doors.cabinet.browser import OWN, Browser
from tests.doors.cabinet.operator.test_roles import AREA
from tests.doors.cabinet.operator.working import World, banner_file, operator, told

WHO = "olga@example.com)"
STATE = "SELECT state FROM rewards WHERE id = %(id)s"


@pytest.fixture
async def admin(committed: Connection, settings: Settings, site: httpx.AsyncClient, here: World) -> Browser:
    """A browser where an administrator is signed in."""
    del here
    return await operator(committed, settings, site, Role.ADMINISTRATOR)


def said(browser: Browser) -> str:
    """Return what the page says of what was done."""
    return browser.text("[role=status]")


async def test_a_reward_is_held_and_released_and_approved(admin: Browser, here: World, committed: Connection) -> None:
    page = f"{AREA}/rewards/{here.programme.direct}"
    for move, state in (("hold", "held"), ("release", "accrued"), ("approve", "approved")):
        await admin.open(page)
        answer = await admin.send(f"{page}/move", reward=str(here.reward), move=move)
        assert answer.status_code == 200, admin.text()
        assert await committed.value(STATE, id=here.reward) == state
        assert said(admin)
        [row] = await told(committed, f"reward.{move}")
        assert row.startswith(f"{here.programme.direct} reward.{move}: 1 rewards are")
        assert row.endswith(WHO)


async def test_nothing_is_moved_if_nothing_is_chosen_or_it_cannot_be(
    admin: Browser, here: World, committed: Connection
) -> None:
    page = f"{AREA}/rewards/{here.programme.direct}"
    await admin.open(page)

    assert (await admin.send(f"{page}/move", move="hold")).status_code == 400
    assert "Choose" in admin.text("[role=alert]")
    answer = await admin.send(f"{page}/move", reward=[str(here.reward), str(here.disputed)], move="hold")
    assert answer.status_code == 409
    assert await committed.value(STATE, id=here.reward) == "accrued"
    assert admin.page.css_first(f"input[value='{here.reward}'][checked]"), "What was chosen stays chosen."
    assert await told(committed, "reward.hold") == []


async def test_a_dispute_is_answered(admin: Browser, here: World, committed: Connection) -> None:
    await admin.open(f"{AREA}/rewards")
    assert "I traded more than that." in admin.text()
    page = f"{AREA}/rewards/{here.programme.direct}"

    await admin.open(page)
    await admin.send(f"{page}/disputes/{here.dispute}", outcome="rejected", note="It was counted.")

    assert "It was counted." in admin.text()
    assert await committed.value(STATE, id=here.disputed) == "accrued"
    [row] = await told(committed, "reward.answer")
    assert row.endswith(WHO)


async def test_news_is_written_changed_and_withdrawn(admin: Browser, committed: Connection) -> None:
    await admin.open(f"{AREA}/news")
    await admin.send(f"{AREA}/news", body="# Rates move\n\nBy *much* <script>.", category="news", language="en")
    number = await committed.value("SELECT max(id) FROM news")
    assert "Rates move" in admin.text()

    await admin.open(f"{AREA}/news/{number}")
    answer = await admin.send(
        f"{AREA}/news/{number}", title="Rates rest", body="<p>Calm.</p>", category="company", language="en"
    )
    assert answer.status_code == 200
    await admin.send(f"{AREA}/news/{number}/withdraw")

    [body, title, gone] = next(
        iter(
            await (
                await committed.execute("SELECT body, title, retracted_at FROM news ORDER BY id DESC LIMIT 1")
            ).fetchall()
        )
    )
    assert (body, title) == ("<p>Calm.</p>", "Rates rest")
    assert gone is not None
    for action in ("news.publish", "news.change", "news.withdraw"):
        [row] = await told(committed, action)
        assert row.startswith("-1 ")
        assert row.endswith(WHO)


async def test_long_news_of_any_alphabet_is_taken(admin: Browser, committed: Connection) -> None:
    await admin.open(f"{AREA}/news")
    text = "# سوق\n\n" + "الأسعار تتحرك. " * 2_000

    answer = await admin.send(f"{AREA}/news", body=text, category="news", language="ar")

    assert answer.status_code == 200, admin.text()
    assert await committed.value("SELECT length(body) > 29000 FROM news WHERE language = 'ar'")


async def test_news_that_cannot_be_stays_in_the_form(admin: Browser, committed: Connection) -> None:
    await admin.open(f"{AREA}/news")
    answer = await admin.send(f"{AREA}/news", body="No heading.", category="news", language="en", symbols="EURUSD")

    assert answer.status_code == 400
    assert admin.text("textarea[name=body]") == "No heading."
    assert admin.value("[name=symbols]") == "EURUSD"
    assert await told(committed, "news.publish") == []


async def test_a_banner_is_uploaded_and_withdrawn(admin: Browser, committed: Connection) -> None:
    await admin.open(f"{AREA}/banners")
    token = admin.value("[name=form_token]")
    other = banner_file().replace(b"#135", b"#531")
    fields = {"form_token": token, "title": "Two", "theme": "dark", "language": "en"}

    answer = await admin.site.post(
        f"{AREA}/banners", data=fields, files={"file": ("two.svg", other)}, headers=OWN, follow_redirects=True
    )

    assert answer.status_code == 200, answer.text
    number = await committed.value("SELECT id FROM banners WHERE title = 'Two' AND theme = 'dark'")
    picture = await admin.site.get(f"/banners/{number}/-")
    assert picture.status_code == 200
    await admin.open(f"{AREA}/banners")
    await admin.send(f"{AREA}/banners/{number}/withdraw")
    assert await committed.value("SELECT retired_at IS NOT NULL FROM banners WHERE id = %(id)s", id=number)
    assert len(await told(committed, "banner.add")) == len(await told(committed, "banner.withdraw")) == 1


@pytest.mark.parametrize("content", [b"", b"MZ\x90 no picture", b"<svg onload='x'/>", b"x" * 700_000])
async def test_a_file_that_is_no_banner_is_refused(admin: Browser, committed: Connection, content: bytes) -> None:
    await admin.open(f"{AREA}/banners")
    fields = {"form_token": admin.value("[name=form_token]"), "title": "Bad"}

    answer = await admin.site.post(f"{AREA}/banners", data=fields, files={"file": ("b.png", content)}, headers=OWN)

    assert answer.status_code in {400, 413}, answer.text
    assert await committed.value("SELECT count(*) FROM banners") == 1


async def test_a_form_with_a_file_needs_the_token_of_the_session(admin: Browser, committed: Connection) -> None:
    for token in ("", "0" * 64):
        answer = await admin.site.post(
            f"{AREA}/banners", data={"form_token": token}, files={"file": ("b.svg", banner_file())}, headers=OWN
        )
        assert answer.status_code == 403
    answer = await admin.site.post(f"{AREA}/banners", data={"form_token": "x"}, headers=OWN)
    assert answer.status_code == 400
    assert await told(committed, "banner.add") == []


async def test_a_person_is_added_and_sets_a_password_with_the_code_that_is_shown(
    admin: Browser, here: World, committed: Connection
) -> None:
    other = (await committed.values("SELECT login FROM accounts ORDER BY login"))[-1]
    await admin.open(f"{AREA}/people")
    answer = await admin.send(f"{AREA}/people", email="Ben@example.com", name="Ben", accounts=str(other))

    assert answer.status_code == 200, admin.text()
    code = admin.text(".desk-code code")
    await people.set_password_by_code(committed, here.ann.means, code, OTHER, source=HERE)
    ben = await people.existing(committed, "ben@example.com")
    assert await people.logins(committed, ben.id) == [other]
    for action in ("person.add", "person.link", "password.code"):
        assert all(row.endswith(WHO) for row in await told(committed, action) if "operator" in row)
        assert any(row.endswith(WHO) for row in await told(committed, action)), action
    shown = await admin.open(f"{AREA}/people/{ben.id}")
    assert code not in shown.text


async def test_nobody_is_added_whose_account_is_not_there_and_what_was_typed_stays(
    admin: Browser, committed: Connection
) -> None:
    await admin.open(f"{AREA}/people")
    answer = await admin.send(f"{AREA}/people", email="ben@example.com", name="Ben", accounts="42")

    assert answer.status_code == 404
    assert (admin.value("#email"), admin.value("#name"), admin.value("#accounts")) == ("ben@example.com", "Ben", "42")
    assert await committed.value("SELECT count(*) FROM people WHERE email = 'ben@example.com'") == 0


async def test_an_account_is_given_and_taken_and_sessions_end(
    admin: Browser, here: World, committed: Connection
) -> None:
    page, login = f"{AREA}/people/{here.ann.id}", here.programme.client
    await here.ann.sign_in()
    await admin.open(page)

    await admin.send(f"{page}/link", login=str(login))
    assert str(login) in admin.text(".desk-rows")
    await admin.send(f"{page}/unlink", login=str(login))
    assert str(login) not in admin.text(".desk-rows")
    await admin.send(f"{page}/end-sessions")

    assert await people.who(committed, here.ann.token) is None
    for action in ("person.link", "person.unlink", "session.end"):
        assert [row for row in await told(committed, action) if row.endswith(WHO)], action


async def test_factors_are_reset_and_a_code_is_shown(admin: Browser, here: World, committed: Connection) -> None:
    await here.ann.sign_in()
    await here.ann.step_up()
    await here.ann.enrol_app()
    page = f"{AREA}/people/{here.ann.id}"

    await admin.open(page)
    await admin.send(f"{page}/reset-factors")
    await admin.send(f"{page}/code")

    assert admin.text(".desk-code code")
    assert not (await people.existing(committed, here.ann.email)).has_factor
    [row] = {row.partition(" ")[2] for row in await told(committed, "factor.reset")}
    assert row.endswith(WHO)


async def test_support_does_nothing_to_operators_or_for_themselves(
    committed: Connection, settings: Settings, site: httpx.AsyncClient, here: World
) -> None:
    await operator(committed, settings, site, Role.ADMINISTRATOR, email="root@example.com")
    root = await people.existing(committed, "root@example.com")
    browser = await operator(committed, settings, site, Role.SUPPORT)
    olga = await people.existing(committed, "olga@example.com")

    await browser.open(f"{AREA}/people/{root.id}")
    for what in ("code", "reset-factors", "end-sessions"):
        assert (await browser.send(f"{AREA}/people/{root.id}/{what}")).status_code == 403, what
    await browser.open(f"{AREA}/people/{olga.id}")
    answer = await browser.send(f"{AREA}/people/{olga.id}/link", login=str(here.programme.client))
    assert answer.status_code == 409
    assert await people.logins(committed, olga.id) == []
    assert await told(committed, "factor.reset") == []


async def test_an_application_is_tied_to_its_account_or_turned_down(
    admin: Browser, here: World, committed: Connection
) -> None:
    await admin.open(f"{AREA}/applications")
    assert "Zoe Applies" in admin.text()
    missing = await admin.send(f"{AREA}/applications/{here.application}/open", login="42")
    assert missing.status_code == 404
    await admin.send(f"{AREA}/applications/{here.application}/open", login=str(here.login), note="fine")

    assert await committed.value("SELECT login FROM applications") == here.login
    [row] = await told(committed, "application.open")
    assert row.startswith(f"{here.login} ")
    again = await admin.send(f"{AREA}/applications/{here.application}/refuse")
    assert again.status_code == 409
    await admin.open(f"{AREA}/applications?state=opened")
    assert str(here.login) in admin.text()


async def test_a_month_is_tried_and_exactly_that_is_approved(
    admin: Browser, here: World, committed: Connection
) -> None:
    await admin.open(f"{AREA}/plans/what-if")
    text = admin.text("textarea[name=plans]")
    dearer = text.replace('"rate": "5"', '"rate": "6"')
    assert dearer != text

    await admin.send(f"{AREA}/plans/what-if", plans=dearer, month="2026-03", partner="")
    assert str(here.programme.direct) in admin.text("#result")
    digest = admin.value("input[name=digest]")
    fields = {"plans": admin.value("input[name=plans]"), "month": "2026-03", "partner": ""}
    stale = await admin.send(f"{AREA}/plans/what-if/approve", **fields, digest="0" * 64)
    assert stale.status_code == 409
    assert await committed.value("SELECT count(*) FROM recalculations") == 0
    await admin.open(f"{AREA}/plans/what-if")
    answer = await admin.send(f"{AREA}/plans/what-if/approve", **fields, digest=digest)

    assert answer.status_code == 200, admin.text()
    assert await committed.value("SELECT count(*) FROM rewards WHERE kind = 'adjustment'") > 0
    [row] = await told(committed, "plan.recalculate")
    assert digest[:16] in row
    assert row.endswith(WHO)


@pytest.mark.parametrize("plans", ["", "{", "nothing", json.dumps({"plans": [{"name": "x"}]}), "\0"])
async def test_what_is_no_plan_is_said_and_stays(admin: Browser, plans: str) -> None:
    await admin.open(f"{AREA}/plans/what-if")

    answer = await admin.send(f"{AREA}/plans/what-if", plans=plans, month="2026-03")

    assert answer.status_code == 400
    assert admin.text("[role=alert]")


async def test_a_role_is_given_and_taken(admin: Browser, here: World, committed: Connection) -> None:
    await admin.open(f"{AREA}/operators")
    assert (await admin.send(f"{AREA}/operators", email=here.ann.email, role="content")).status_code == 409
    assert "second factor" in admin.text("[role=alert]"), "Whoever made a code for her may know her password."
    await committed.run(
        "INSERT INTO totp_secrets (person, secret, confirmed_at) VALUES (%(person)s, 'x', now())", person=here.ann.id
    )
    await admin.send(f"{AREA}/operators", email=here.ann.email, role="content")
    assert here.ann.email in admin.text("table")
    await admin.send(f"{AREA}/operators/dismiss", email=here.ann.email, role="content")

    assert here.ann.email not in admin.text("table")
    for action in ("operator.add", "operator.remove"):
        assert (await told(committed, action))[-1].endswith(WHO)
    refused = await admin.send(f"{AREA}/operators/dismiss", email="olga@example.com", role="administrator")
    assert refused.status_code == 409
    assert (await admin.send(f"{AREA}/operators", email=here.ann.email, role="king")).status_code == 400


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
