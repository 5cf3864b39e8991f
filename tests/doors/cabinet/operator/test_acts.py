"""What operators do: done as commands do it, said on the page, and told in the history with who did it."""

import json

import pytest

from opencabinet.db import Connection
from tests.doors.cabinet.browser import OWN, Browser
from tests.doors.cabinet.operator.test_roles import AREA
from tests.doors.cabinet.operator.working import WHO, World, banner_file, said, told

STATE = "SELECT state FROM rewards WHERE id = %(id)s"


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
