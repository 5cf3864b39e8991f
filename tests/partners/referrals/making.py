"""Partners, clients, and what says whose client an account is."""

from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from opencabinet import access, accounts, onboarding
from opencabinet.access.people import store as people
from opencabinet.accounts import Origin
from opencabinet.db import Connection
from opencabinet.kernel.ids import Login
from opencabinet.onboarding import Wanted
from opencabinet.partners import programme, referrals
from opencabinet.partners.referrals import Entry, Rules
from tests import make

SERVER = "Harbour-1"
ALWAYS = datetime(1900, 1, 1, tzinfo=UTC)
WITH_AGENTS = Rules(agents_count=True)
CLICK = """
INSERT INTO clicks (login, at, token, destination, visitor, mark)
VALUES (%(login)s, %(at)s, %(token)s, 'open', 1, %(mark)s)
"""
AGENT = """
INSERT INTO memberships (login, since, "group", agent) VALUES (%(login)s, %(since)s, 'real', %(agent)s)
"""
REGISTERED = "UPDATE sources SET registered_at = %(at)s WHERE login = %(login)s"
REFERRALS = """
SELECT since, partner FROM referrals WHERE login = %(login)s ORDER BY since
"""


def ago(days: float) -> datetime:
    """Return the moment so many days ago."""
    return datetime.now(UTC) - timedelta(days=days)


async def partner(
    conn: Connection, code: str | None = None, *, parent: Login | None = None, days: float = 400
) -> Login:
    """Keep a partner who was enrolled so many days ago."""
    login = (await make.account(conn)).login
    await enrolled(conn, login, code, days=days)
    if parent is not None:
        await programme.place(conn, login, parent)
    return login


async def enrolled(conn: Connection, login: Login, code: str | None = None, *, days: float = 400) -> None:
    """Let an account be a partner since so many days ago."""
    await programme.enrol(conn, login, code)
    await conn.run("UPDATE partners SET enrolled_at = %(at)s WHERE login = %(login)s", at=ago(days), login=login)


async def account(
    conn: Connection, *, registered: datetime | None = None, number: int | None = None, server: str = SERVER
) -> Login:
    """Keep an account of a server, which told when it was registered if that is given."""
    login = (await make.account(conn)).login
    await accounts.know_server(conn, server, "UTC")
    origin = Origin(server=server, number=number or login, since=ALWAYS, login=login)
    await accounts.add_origin(conn, origin)
    if registered:
        await conn.run(REGISTERED, at=registered, login=login)
    return login


async def click(conn: Connection, login: Login, at: datetime, mark: str = "") -> str:
    """Keep a click by a partner's link, and return its token."""
    token = uuid4()
    await conn.run(CLICK, login=login, at=at, token=token, mark=mark)
    return "clk_" + urlsafe_b64encode(token.bytes).decode().rstrip("=")


async def agent(conn: Connection, login: Login, number: int, since: datetime = ALWAYS) -> None:
    """Let an account's server tell who brought it."""
    await conn.run(AGENT, login=login, agent=number, since=since)


async def applied(conn: Connection, login: Login, *, email: str | None = None, **given: str) -> None:
    """Let an account come from an application."""
    wanted = Wanted(name="Ann Example", email=email or f"{login}@example.com", country="DE", **given)  # type: ignore[arg-type]  # of texts
    made = await onboarding.apply(conn, wanted, access.Source(channel="v1"), onboarding.Rules(of_network=10_000))
    await onboarding.open_as(conn, made.id, login)


async def owned(conn: Connection, email: str, *logins: Login) -> None:
    """Let accounts be of one person."""
    person = await people.add(conn, email, "")
    for login in logins:
        await people.link(conn, login, person or 0)


async def attributed(conn: Connection, login: Login, rules: Rules = WITH_AGENTS) -> Entry:
    """Decide on an account, on something at least."""
    entry = await referrals.attribute(conn, login, datetime.now(UTC), rules)
    assert entry is not None
    return entry


def told(entry: Entry) -> tuple[str, str, str]:
    """Return what was decided, in words."""
    return entry.kind, entry.verdict, entry.reason


async def known(conn: Connection, login: Login) -> list[referrals.Referral]:
    """Return whose client an account was from when on, as the table has it."""
    return await conn.fetch(referrals.Referral, REFERRALS, login=login)
