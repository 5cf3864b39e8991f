"""What operators read: found by what was typed, in pages, and shown as it is written, whatever that is."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from opencabinet.access import people
from opencabinet.db import Connection
from opencabinet.doors.cabinet.operator.search import FEWEST
from tests import make
from tests.access.people.person import HERE
from tests.doors.cabinet.browser import Browser
from tests.doors.cabinet.operator.test_roles import AREA
from tests.doors.cabinet.operator.working import FEED, World

SCRIPT = "<script>alert(1)</script>"
HOSTILE = (
    SCRIPT,
    "' OR 1=1 --",
    "a':* | 'b",
    "%",
    "__",
    "\\",
    "\u202eann",
    "ann\x00",
    "x" * 5_000,
    "9" * 40,
    "٣٣",
    "²²",
    "{{ 7 * 7 }}",
    "ann&q=bob",
)


async def sought(browser: Browser, text: str) -> str:
    """Search, and return what the page says of what was found."""
    answer = await browser.open(f"{AREA}/search", params={"q": text})
    assert answer.status_code == 200, (text, browser.text())
    return browser.text("#found")


async def test_an_account_is_found_by_login_name_owner_and_code(
    admin: Browser, here: World, committed: Connection
) -> None:
    code = await committed.value(
        "SELECT code FROM partner_codes WHERE login = %(login)s LIMIT 1", login=here.programme.direct
    )

    assert str(here.login) in await sought(admin, str(here.login))
    assert str(here.login) in await sought(admin, "exam ANN")
    assert here.ann.email in await sought(admin, "ann@ex")
    assert str(here.programme.direct) in await sought(admin, code.lower())
    assert "Nothing was found" in await sought(admin, "nobody at all")
    assert "What are you looking for" in await sought(admin, "a")


@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_text_is_looked_for_and_nothing_else(admin: Browser, text: str) -> None:
    said = await sought(admin, text)

    typed = "".join(letter for letter in text[:128] if letter.isprintable()).strip()
    nothing = "What are you looking for" if len(typed) < FEWEST else "Nothing was found"
    assert nothing in said or typed == "ann"
    assert admin.page.css_first("#found script") is None
    assert admin.value("#q") == typed


async def test_a_part_of_the_page_is_given_to_a_page_that_is_there(admin: Browser, here: World) -> None:
    answer = await admin.site.get(f"{AREA}/search?q={here.login}", headers={"hx-request": "true"})

    assert "<html" not in answer.text
    assert str(here.login) in answer.text


async def test_what_others_wrote_is_shown_as_text(admin: Browser, committed: Connection, here: World) -> None:
    login = (await make.account(committed, name=f"Zed {SCRIPT}", company=SCRIPT)).login
    await make.closed_trade(committed, login, comment=SCRIPT, symbol="<B>")
    ben = await people.add(committed, here.ann.means, email="ben@example.com", name=f"Ben {SCRIPT}", source=HERE)
    await committed.run("UPDATE disputes SET text = %(text)s", text=SCRIPT)
    await committed.run("UPDATE applications SET name = %(text)s, email = %(text)s", text=SCRIPT)
    await committed.run("UPDATE news SET title = %(text)s", text=SCRIPT)
    await committed.run("UPDATE banners SET title = %(text)s", text=f'" onload="{SCRIPT}')
    for path in (
        f"accounts/{login}",
        f"accounts/{login}/around",
        f"accounts/{login}/trades",
        "search?q=zed",
        f"people/{ben}",
        "people",
        "rewards",
        f"rewards/{here.programme.direct}",
        "applications",
        "news",
        f"news/{here.article}",
        "banners",
        "audit",
    ):
        answer = await admin.open(f"{AREA}/{path}")
        assert answer.status_code == 200
        assert SCRIPT not in answer.text, path
        assert admin.page.css_first("main script, main [onload]") is None, path


async def test_a_list_goes_on_where_the_page_before_ended(admin: Browser, committed: Connection, here: World) -> None:
    for number in range(60):
        await people.add(committed, here.ann.means, email=f"p{number:02}@example.com", name="", source=HERE)
    total = await committed.value("SELECT count(*) FROM people")

    seen = [*await rows(admin, "/people"), *await rows(admin, further(admin))]

    assert len(seen) == len(set(seen)) == total
    assert further(admin) == ""


@pytest.mark.parametrize(
    "path",
    [
        "people?after=x",
        "imports?after=-1",
        "partners?after=99999999999999999999",
        "news?before=x",
        "banners?after=x",
        "operators?after=x_y",
        "rewards?after=x",
        "applications?before=_",
        "accounts/{login}/trades?before=x",
        "rewards/{partner}?before=x",
    ],
)
async def test_a_list_that_begins_nowhere_is_refused(admin: Browser, here: World, path: str) -> None:
    where = path.format(login=here.login, partner=here.programme.direct)

    assert (await admin.open(f"{AREA}/{where}")).status_code == 400


@pytest.mark.parametrize("path", ["operators?after=1_%00", "audit?of=%00", "audit?by=%00&outcome=%00", "news?x=%00"])
async def test_what_no_text_can_hold_is_left_out(admin: Browser, path: str) -> None:
    assert (await admin.open(f"{AREA}/{path}")).status_code == 200


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("people", {"email": "a\0@example.com", "name": "x"}),
        ("people", {"email": "a@example.com", "name": "x\0"}),
        ("people/{ann}/link", {"login": "\0"}),
        ("people/{ann}/link", {"login": "9" * 30}),
        ("operators", {"email": "\0", "role": "\0"}),
        ("news", {"body": "# x\0\n\ny", "title": "\0", "category": "\0", "language": "\0"}),
        ("news", {"body": "# x\n\ny", "category": "news", "symbols": "\0"}),
        ("news", {"body": "# x\n\ny", "category": "news", "published_at": "9999-99-99"}),
        ("news/{article}", {"body": "", "category": "news"}),
        ("news/{article}", {"body": "x" * 61_000, "category": "news"}),
        ("rewards/{partner}/move", {"reward": "\0", "move": "hold"}),
        ("rewards/{partner}/disputes/{dispute}", {"outcome": "upheld", "note": "\0"}),
        ("rewards/{partner}/disputes/{dispute}", {"outcome": "\0", "note": ""}),
        ("applications/{application}/open", {"login": "1", "note": "\0"}),
        ("applications/{application}/refuse", {"note": "\0"}),
        ("plans/what-if", {"plans": "{}", "month": "2026-13"}),
        ("plans/what-if", {"plans": '{"plans":[]}', "month": "2026-03"}),
        ("plans/what-if", {"plans": '{"plans":[]}', "month": "2026-03", "partner": "x"}),
    ],
)
async def test_what_cannot_be_is_refused_in_a_sentence(
    admin: Browser, here: World, path: str, fields: dict[str, str]
) -> None:
    names = {
        "ann": here.ann.id,
        "article": here.article,
        "partner": here.programme.direct,
        "dispute": here.dispute,
        "application": here.application,
    }
    await admin.open("/cabinet")

    answer = await admin.send(f"{AREA}/{path.format(**names)}", token=admin.value("[name=form_token]"), **fields)

    assert answer.status_code in {400, 404}, (answer.status_code, admin.text())
    assert admin.text("[role=alert]") or admin.text(".problem")


async def test_how_feeds_stand_and_what_does_not_add_up(admin: Browser, committed: Connection, here: World) -> None:
    await committed.run("INSERT INTO servers (name, clock) VALUES ('Example-Live', 'UTC') ON CONFLICT DO NOTHING")
    await committed.run(FEED)

    await admin.open(f"{AREA}/imports")
    assert "Example-Live" in admin.text()
    assert str(here.login) in admin.text()
    await admin.open(f"{AREA}/imports/{here.login}/rows")
    assert "not explained" in admin.text() or "does not" in admin.text() or "are not explained" in admin.text()


async def test_a_reward_is_explained(admin: Browser, here: World) -> None:
    await admin.open(f"{AREA}/rewards/{here.programme.direct}/{here.reward}")

    assert '"per_lot"' in admin.text("pre")
    assert (await admin.open(f"{AREA}/rewards/{here.programme.direct}/999999")).status_code == 404


async def test_plans_are_listed_with_their_versions(admin: Browser) -> None:
    await admin.open(f"{AREA}/plans")

    assert "per_lot, difference" in admin.text()


async def rows(browser: Browser, path: str) -> list[str]:
    """Open a list, and return what its rows are called."""
    await browser.open(AREA + path)
    return [each.text(strip=True) for each in browser.page.css("tbody th")]


def further(browser: Browser) -> str:
    """Return the address of the next page below the area; nothing at the end."""
    found = browser.page.css_first(".pager a")
    if found is None:
        return ""
    assert browser.answer is not None
    href = found.attributes["href"] or ""
    assert parse_qs(urlsplit(href).query)
    return str(browser.answer.url.path).removeprefix(AREA) + href


async def test_wishes_to_be_deleted_are_listed_as_they_fall_due(
    admin: Browser, here: World, committed: Connection
) -> None:
    assert "Nobody" in (await admin.open(f"{AREA}/deletions")).text
    for days, reason in ((3, SCRIPT), (-1, "Moving away")):
        email = f"goes{days}@example.com"
        person = await people.add(committed, here.ann.means, email=email, name="", source=HERE)
        due = timedelta(days=days)
        await committed.run(
            "INSERT INTO deletion_requests (person, asked_at, due_at, reason)"
            " VALUES (%(person)s, now() - interval '9 days', now() + %(due)s, %(reason)s)",
            person=person,
            due=due,
            reason=reason,
        )

    answer = await admin.open(f"{AREA}/deletions")

    text = admin.text()
    assert text.index("goes-1@example.com") < text.index("due now") < text.index("goes3@example.com")
    assert SCRIPT in text
    assert SCRIPT not in answer.text
