"""The audit as operators read it: of everybody or of an account, by days, outcomes and whoever acted."""

from datetime import UTC, datetime, timedelta

import pytest

from opencabinet.access import operators
from opencabinet.access.history import NOBODY, OPERATOR
from opencabinet.db import Connection
from tests import make
from tests.doors.cabinet.browser import Browser
from tests.doors.cabinet.operator.test_reading import further
from tests.doors.cabinet.operator.test_roles import AREA
from tests.doors.cabinet.operator.working import World

WRITTEN = """
INSERT INTO authorizations (login, channel, action, family, function, derived_from, user_agent, request_id,
                            granted, rule, detail)
VALUES (%(login)s, 'cabinet', %(action)s, '', '', '', '', '', %(granted)s, 'x', %(detail)s::jsonb)
"""


async def test_the_audit_goes_on_where_the_page_before_ended(admin: Browser, committed: Connection) -> None:
    by = operators.Operator(person=1, email="x@example.com", roles=[], proved=True)
    for number in range(70):
        await operators.act(committed, by, NOBODY, "news.publish", f"number {number:02} ", OPERATOR)

    await admin.open(f"{AREA}/audit?by=operators&of=news.publish")
    first = told(admin)
    await admin.open(AREA + further(admin))
    second = told(admin)

    assert (len(first), len(second)) == (50, 20)
    assert [*first, *second] == [f"number {number:02}" for number in reversed(range(70))]


async def test_the_audit_of_an_account_of_days_and_of_outcomes(
    admin: Browser, committed: Connection, here: World
) -> None:
    await committed.run(
        "UPDATE authorizations SET at = at - interval '3 days', last_at = last_at - interval '3 days'"
        " WHERE action = 'operator.add'"
    )
    today = datetime.now(UTC).date()
    day = today - timedelta(days=3)

    await admin.open(f"{AREA}/accounts/{here.login}")
    await admin.open(f"{AREA}/audit?login={here.login}")
    assert "operator.look" in admin.text("table")
    await admin.open(f"{AREA}/audit?since={day}&until={day}")
    assert {each.text(strip=True) for each in admin.page.css("tbody tr td:nth-of-type(2)")} == {"operator.add"}
    await admin.open(f"{AREA}/audit?outcome=refused&since={today}")
    assert "session.begin" not in admin.text("main")


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("", ["read", "note.add", "session.begin"]),
        ("&outcome=refused", ["read"]),
        ("&outcome=granted", ["note.add", "session.begin"]),
        ("&by=operators", ["note.add"]),
        ("&by=operators&outcome=refused", []),
    ],
)
async def test_every_filter_of_the_audit_counts_for_one_account_too(
    admin: Browser, committed: Connection, query: str, seen: list[str]
) -> None:
    login = (await make.account(committed)).login
    for action, granted, detail in (
        ("session.begin", True, "{}"),
        ("note.add", True, '{"operator": 1}'),
        ("read", False, "{}"),
    ):
        await committed.run(WRITTEN, login=login, action=action, granted=granted, detail=detail)

    await admin.open(f"{AREA}/audit?login={login}{query}")

    assert [each.text(strip=True) for each in admin.page.css("tbody tr td:nth-of-type(2)")] == seen


async def test_reading_the_audit_of_an_account_is_told_to_it(admin: Browser, committed: Connection) -> None:
    login = (await make.account(committed)).login
    await committed.run(WRITTEN, login=login, action="read", granted=True, detail="{}")
    for each in (login, 42):
        await admin.open(f"{AREA}/audit?login={each}")

    rule = "SELECT login FROM authorizations WHERE action = 'operator.look'"
    assert await committed.values(rule) == [login]


@pytest.mark.parametrize(
    "query",
    [
        "before=x",
        "before=2026-01-01_",
        "before=2026-01-01T00:00:00_99999999999999999999999",
        "since=yesterday",
        "since=0001-01-01",
        "until=9999-12-31&since=9999-12-31",
        "login=x",
        "login=-1",
        "since=2026-02-02&until=2026-01-01",
    ],
)
async def test_an_address_that_names_no_place_is_refused(admin: Browser, query: str) -> None:
    answer = await admin.open(f"{AREA}/audit?{query}")

    assert answer.status_code == (404 if query.startswith("login") else 400), admin.text()


def told(browser: Browser) -> list[str]:
    """Return what the rows of the history begin with."""
    return [each.text(strip=True).partition(",")[0].strip() for each in browser.page.css("tbody td:nth-of-type(4)")]
