"""A history that is sealed, for those who try to change it."""

import itertools
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import Struct, structs

from opencabinet import access
from opencabinet.access import Source
from opencabinet.access.history import Sealer, seals, store
from opencabinet.access.history.model import Fact
from opencabinet.access.history.report import Report
from opencabinet.access.history.verify import verify
from opencabinet.db import Connection
from opencabinet.kernel.ids import Login
from tests import make

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
HOME = Source(channel="v1", address=ip_address("203.0.113.7"), user_agent="reader/1", request_id="abc")
OLDER = timedelta(minutes=5)
AGE = """
UPDATE authorizations SET at = at - %(by)s, last_at = last_at - %(by)s, minute = minute - %(by)s WHERE id > %(after)s
"""
NEWEST = """
SELECT coalesce(max(id), 0) FROM authorizations
"""
COPY = """
INSERT INTO authorizations (login, id, at, last_at, minute, xid, channel, action, family, derived_from, user_agent,
                            granted, rule, request_id)
OVERRIDING SYSTEM VALUE
SELECT login, {id}, {at}, {at}, minute, {xid}, channel, action, family, derived_from, user_agent, granted,
       'forged', request_id
  FROM authorizations WHERE id = %(id)s
"""
"""Another row like one that is there."""
numbers = itertools.count(1)


class Sealed(Struct):
    """A history, and who seals it."""

    conn: Connection
    sealer: Sealer
    login: Login

    async def grow(self, rows: int = 3) -> None:
        """Tell of so many changes and refusals, and seal them in one batch; the refusals were five minutes ago."""
        after = await self.conn.value(NEWEST)
        for number in itertools.islice(numbers, rows):
            await access.changed(self.conn, self.login, "policy.change", HOME, rule=f"rule {number}", previous=number)
            fact = Fact(login=self.login, source=HOME, action="read", function="balance", rule=f"refusal {number}")
            await store.tell(self.conn, [(fact, 2)], [])
        await self.conn.run(AGE, by=OLDER, after=after)
        await self.seal()

    async def seal(self) -> int:
        """Seal what is final."""
        return await self.sealer.seal(self.conn)

    async def report(self, *, witness: bool = True, keys: set[bytes] | None = None) -> Report:
        """Verify."""
        known = {seals.public(self.sealer.key)} if keys is None else keys
        return await verify(self.conn, known, self.sealer.path if witness else None)

    async def wrong(self, *, witness: bool = True) -> list[str]:
        """Return what is wrong, in words."""
        return [str(finding) for finding in (await self.report(witness=witness)).findings]

    async def tamper(self, statement: str, **given: Any) -> int:
        """Change something behind everybody's back."""
        return await self.conn.run(statement, **given)


@asynccontextmanager
async def history(conn: Connection, batches: int = 3, *, key: Ed25519PrivateKey = KEY) -> AsyncIterator[Sealed]:
    """Give a history of some batches of six rows."""
    with tempfile.TemporaryDirectory() as folder:
        sealed = Sealed(conn, Sealer(key, Path(folder) / "witness"), (await make.account(conn)).login)
        await sealed.sealer.begin(conn)
        for _ in range(batches):
            await sealed.grow()
        yield sealed


async def rowid(sealed: Sealed, *, granted: bool = True, place: int = 3) -> int:
    """Return the id of a row in the middle."""
    ids = await sealed.conn.values(
        "SELECT id FROM authorizations WHERE granted = %(granted)s ORDER BY id", granted=granted
    )
    return int(ids[place])


async def newest(sealed: Sealed) -> seals.Seal:
    """Return the newest seal."""
    found = await store.last(sealed.conn)
    assert found
    return found


def ahead(before: seals.Seal) -> seals.Seal:
    """Make a seal of an older server, that has counted more transactions."""
    place = structs.replace(before.place, granted_xid=9_000_000_000_000)
    return seals.signed(
        KEY, before, at=before.at, rows=0, leaves=b"", place=place, whole_at=before.whole_at, until=9000
    )
