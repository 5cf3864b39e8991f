"""Partners with somewhere to lead to, and clicks on their links."""

import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from psycopg.sql import SQL, Identifier, Placeholder

from opencabinet.db import Connection
from opencabinet.partners import links, programme
from opencabinet.partners.clicks import Arrived, Told
from opencabinet.partners.links import Destination
from opencabinet.partners.programme import PartnerCode
from tests import make

HOME = Destination(id="home", url="https://example.com/open?lang=en", title="Open an account")
FORM = Destination(id="form", url="https://example.com/form#top", title="The form", carries=True)
BANNERS = """
INSERT INTO banners (id, title, width, height, theme, language, kind, hash, content) OVERRIDING SYSTEM VALUE
SELECT id, 'Gold', 88, 31, 'light', 'en', 'png', sha256(id::text::bytea), 'x'
  FROM unnest(%(ids)s::bigint[]) AS told (id)
"""
LANDINGS = """
INSERT INTO landings (id, language, title, body, form)
SELECT id, 'en', 'Gold', '', false FROM unnest(%(ids)s::text[]) AS told (id)
"""


async def partner(conn: Connection, code: str | None = None) -> PartnerCode:
    """Let a new account be a partner; links lead home, or to the form."""
    await links.save_destinations(conn, [HOME, FORM])
    return await programme.enrol(conn, (await make.account(conn)).login, code)


def arrived(code: str, **given: Any) -> Arrived:
    """Return a click as it comes."""
    told = {name: given.pop(name) for name in Told.__struct_fields__ if name in given}
    usual: dict[str, Any] = {
        "token": secrets.token_bytes(16),
        "visitor": int.from_bytes(secrets.token_bytes(8), signed=True),
        "network": "203.0.113.0/24",
    }
    return Arrived(code=code, told=Told(**told), **usual | given)


async def shown(conn: Connection, banners: Iterable[int] = (), landings: Iterable[str] = ()) -> None:
    """Let there be banners of these numbers, and landing pages of these names."""
    await conn.run(BANNERS, ids=list(banners))
    await conn.run(LANDINGS, ids=list(landings))


async def click(conn: Connection, login: int, at: datetime, **given: Any) -> None:
    """Keep a click as it was at a moment, whoever kept it."""
    usual: dict[str, Any] = {
        "login": login,
        "at": at,
        "visitor": int.from_bytes(secrets.token_bytes(8), signed=True),
        "token": secrets.token_hex(16),
        "destination": "home",
    }
    row = usual | given
    names = SQL(", ").join(map(Identifier, row))
    values = SQL(", ").join(map(Placeholder, row))
    await conn.execute(SQL("INSERT INTO clicks ({}) VALUES ({})").format(names, values), row)
