"""A world for operators to work in, and browsers where operators of each role are signed in."""

from collections.abc import Awaitable, Callable
from typing import Final

import httpx
from msgspec import Struct

from opencabinet import content, onboarding
from opencabinet.access import OPERATOR, operators, people
from opencabinet.access.operators import Role
from opencabinet.db import Connection
from opencabinet.kernel.ids import Login
from opencabinet.partners import rewards
from opencabinet.settings import Settings
from tests.access.people.person import HERE, Someone
from tests.doors.cabinet.browser import Browser, owner
from tests.doors.v1.asking import filled
from tests.partners.rewards.programme import Programme, close, laid_out

WHO: Final = "olga@example.com)"
"""How what she does ends in the history."""
PROVED: Final = """
UPDATE sessions SET level = %(level)s, stepped_up_at = CASE WHEN %(fresh)s THEN now() END WHERE person = %(person)s
"""
FEED: Final = """
INSERT INTO feeds (server, kind, state, as_of, heard_at, rows)
VALUES ('Example-Live', 'mt5', 'live', now() - interval '5 seconds', now(), 41)
"""
TOLD: Final = """
SELECT login || ' ' || action || ': ' || rule FROM authorizations WHERE action = %(action)s ORDER BY id
"""


class World(Struct, frozen=True, kw_only=True):
    """What there is to work on."""

    login: Login
    ann: Someone
    programme: Programme
    reward: int
    disputed: int
    dispute: int
    article: int
    banner: int
    application: int


async def world(conn: Connection, settings: Settings, work_out: Callable[[], Awaitable[None]]) -> World:
    """Make an account with its owner, partners with rewards and a dispute, news, a banner and an application.

    `work_out` sees that rewards are worked out.
    """
    account = await filled(conn, name="Ann Example", complete=False)
    ann = await owner(conn, settings, account.login)
    it = await laid_out(conn)
    for _ in range(3):
        await close(conn, it.client)
    await work_out()
    reward, disputed = await conn.values(
        "SELECT id FROM rewards WHERE login = %(login)s ORDER BY id LIMIT 2", login=it.direct
    )
    dispute = await rewards.dispute(conn, it.direct, disputed, "I traded more than that.")
    wanted = content.drafted(b"# Markets open\n\nAs usual.", markdown=True, language="en", category="news")
    article = await content.add_news(conn, wanted)
    picture, _ = content.judged(banner_file())
    banner = await content.add_banner(conn, picture, title="Trade", theme="light", language="en")
    application = await onboarding.apply(conn, asked(), HERE)
    return World(
        login=account.login,
        ann=ann,
        programme=it,
        reward=reward,
        disputed=disputed,
        dispute=dispute.id,
        article=article.id,
        banner=banner.id,
        application=application.id,
    )


def asked() -> onboarding.Wanted:
    """Give what an applicant asks for."""
    return onboarding.Wanted(name="Zoe Applies", email="zoe@example.com", country="DE", platform="mt5", currency="USD")


def banner_file() -> bytes:
    """Give a file that can be a banner."""
    return (
        b'<svg xmlns="http://www.w3.org/2000/svg" width="468" height="60" viewBox="0 0 468 60">'
        b'<rect width="468" height="60" fill="#135"/></svg>'
    )


async def operator(
    conn: Connection,
    settings: Settings,
    site: httpx.AsyncClient,
    *roles: Role,
    level: str = "second factor",
    fresh: bool = True,
    email: str = "olga@example.com",
) -> Browser:
    """Return a browser where somebody with roles is signed in."""
    someone = await owner(conn, settings, email=email)
    if roles:
        await operators.appoint(conn, await people.existing(conn, email), roles, OPERATOR)
    browser = Browser(site)
    site.cookies.clear()
    answer = await browser.sign_in(email)
    assert answer.status_code == 200, answer.text
    await conn.run(PROVED, person=someone.id, level=level, fresh=fresh)
    return browser


async def told(conn: Connection, action: str) -> list[str]:
    """Return what the history tells of an action."""
    return await conn.values(TOLD, action=action)


def said(browser: Browser) -> str:
    """Return what the page says of what was done."""
    return browser.text("[role=status]")
