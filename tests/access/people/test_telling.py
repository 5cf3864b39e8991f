from collections.abc import Sequence
from typing import Any

import pytest

from opencabinet.access import Source, people
from opencabinet.access.people import Means, SignInRefused, in_history
from opencabinet.access.people.telling import MOST_REFUSED
from opencabinet.db import Connection
from opencabinet.kernel.ids import Login
from tests import make
from tests.access.people.person import EMAIL, HERE, PASSWORD, given, someone

NOBODY = Login(-1)


class Pages:
    """A history that can be read."""

    def __init__(self) -> None:
        self.changes: list[tuple[int, str, int]] = []
        self.refusals: list[tuple[int | None, str]] = []
        self.asked = 0

    async def changed(
        self, conn: Connection, logins: Sequence[Login], action: str, source: Source, *, rule: str, **detail: Any
    ) -> None:
        del conn, source, rule
        self.changes.extend((login, action, detail["person"]) for login in logins)
        self.asked += 1

    def refused(self, login: int | None, source: Source, *, action: str, rule: str) -> None:
        del source, rule
        self.refusals.append((login, action))


def telling() -> tuple[Pages, Means]:
    pages = Pages()
    return pages, given(tell=in_history(pages.changed, pages.refused, NOBODY))


async def test_what_happens_to_a_person_is_told_in_every_history_of_theirs(conn: Connection) -> None:
    pages, means = telling()
    ann = await someone(conn, means)
    logins = [(await make.account(conn)).login for _ in range(2)]
    for login in logins:
        await people.link(conn, means, ann.id, login, HERE)
    pages.changes.clear()
    pages.asked = 0

    await ann.sign_in()
    assert pages.asked == 1, "However many accounts they have."
    with pytest.raises(SignInRefused):
        await ann.sign_in("wrong")

    assert pages.changes == [(login, "session.begin", ann.id) for login in logins]
    assert pages.refusals == [(login, "session.begin") for login in logins]


async def test_a_refusal_is_told_in_few_histories_however_many_there_are(conn: Connection) -> None:
    pages, means = telling()
    ann = await someone(conn, means)
    logins = sorted([(await make.account(conn)).login for _ in range(MOST_REFUSED + 2)])
    for login in logins:
        await people.link(conn, means, ann.id, login, HERE)

    with pytest.raises(SignInRefused):
        await ann.sign_in("wrong")

    assert [login for login, _ in pages.refusals] == logins[:MOST_REFUSED]


async def test_of_people_without_accounts_and_of_nobody_is_told_apart(conn: Connection) -> None:
    pages, means = telling()
    ann = await someone(conn, means)
    assert {login for login, _, _ in pages.changes} == {NOBODY}

    for email, password in ((EMAIL, "wrong"), ("eve@example.com", PASSWORD)):
        with pytest.raises(SignInRefused):
            await people.sign_in(conn, ann.means, email=email, password=password, source=HERE)

    assert pages.refusals == [(None, "session.begin")] * 2
