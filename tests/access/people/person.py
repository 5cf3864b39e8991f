"""People, what lets them in, and what time does to their sessions."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import ip_address
from typing import Any, LiteralString

import pyotp
from argon2 import Parameters, Type

from opencabinet.access import Network, Source, people
from opencabinet.access.keyfile import Keys
from opencabinet.access.passwords import Hasher
from opencabinet.access.people import Means, Told, factors
from opencabinet.access.people.factors import AppCode, PasskeyAnswer, PasswordProof, Proof, Site
from opencabinet.access.people.means import Place
from opencabinet.access.people.sessions import Session
from opencabinet.db import Connection
from opencabinet.kernel.problem import Refused, Throttled
from tests.access.people.authenticator import Authenticator

PASSWORD = "kettle of nine herons"
OTHER = "two lanterns, one ferry"
EMAIL = "ann@example.com"
HERE = Source(channel="cabinet", address=ip_address("192.0.2.7"), user_agent="Browser")
SITE = Site(origin="https://cabinet.example", domain="cabinet.example")
CHEAP = Parameters(type=Type.ID, version=19, salt_len=16, hash_len=32, time_cost=1, memory_cost=64, parallelism=1)
KEYS = Keys(b"p" * 32)
AGE: LiteralString = """
UPDATE sessions SET begun_at = begun_at - %(begun)s::interval, seen_at = seen_at - %(seen)s::interval,
       stepped_up_at = stepped_up_at - %(stepped_up)s::interval
"""
NONE = timedelta()


@dataclass
class Noting:
    """A throttle that notes what it is asked, and can be full."""

    full: bool = False
    resets: list[str] = field(default_factory=list)
    reserved: list[tuple[str, Network | None, bool]] = field(default_factory=list)
    succeeded: list[str] = field(default_factory=list)

    @asynccontextmanager
    async def guess(
        self, conn: Connection, *, subject: str, network: Network | None, generated: bool
    ) -> AsyncIterator[Place]:
        del conn
        if self.full and not generated:
            raise Throttled(60)
        self.reserved.append((subject, network, generated))
        try:
            yield Place()
        except Refused:
            if self.full:
                raise Throttled(60) from None
            raise
        self.succeeded.append(subject)

    async def reset(self, conn: Connection, subject: str) -> None:
        del conn
        self.resets.append(subject)


@dataclass
class History:
    """A history that can be read."""

    told: list[Told] = field(default_factory=list)

    async def __call__(self, conn: Connection, told: Told) -> None:
        del conn
        self.told.append(told)

    @property
    def last(self) -> tuple[str, bool]:
        return self.told[-1].action, self.told[-1].granted


def given(**other: Any) -> Means:
    """Give means of which everything can be read afterwards."""
    usual: dict[str, Any] = {
        "hasher": Hasher(KEYS.passwords, slots=1, parameters=CHEAP),
        "keys": KEYS,
        "throttle": Noting(),
        "tell": History(),
    }
    return Means(**usual | other)


@dataclass
class Someone:
    """A person with a password, and what they have in their hands."""

    conn: Connection
    means: Means
    id: int
    email: str = EMAIL
    token: str = ""

    @property
    def throttle(self) -> Noting:
        assert isinstance(self.means.throttle, Noting)
        return self.means.throttle

    @property
    def history(self) -> History:
        assert isinstance(self.means.tell, History)
        return self.means.tell

    async def sign_in(self, password: str = PASSWORD) -> bool:
        """Sign in, and say whether a second factor is waited for."""
        begun = await people.sign_in(self.conn, self.means, email=self.email, password=password, source=HERE)
        self.token = begun.token
        return begun.second_factor_needed

    async def session(self) -> Session:
        """Give the session, which must be good."""
        found = await people.who(self.conn, self.token)
        assert found is not None
        return found

    async def waiting(self) -> Session:
        """Give the session, which must wait for a second factor."""
        found = await people.unproved(self.conn, self.token)
        assert found is not None
        return found

    async def step_up(self, proof: Proof | None = None) -> Session:
        """Prove once more who it is, and give the session."""
        proof = proof or PasswordProof(PASSWORD)
        self.token = await factors.step_up(self.conn, self.means, await self.session(), proof, HERE)
        return await self.session()

    async def complete(self, proof: Proof) -> Session:
        """Show the second factor, and give the session."""
        self.token = await factors.complete(self.conn, self.means, await self.waiting(), proof, HERE)
        return await self.session()

    async def enrol_app(self) -> pyotp.TOTP:
        """Get an authenticator app; the code of this moment is used up."""
        enrolment = await factors.begin_app(self.conn, self.means, await self.session())
        app = pyotp.TOTP(enrolment.secret)
        code = app.at(await clock(self.conn))
        self.token = await factors.confirm_app(self.conn, self.means, await self.session(), code, HERE)
        return app

    async def enrol_passkey(self, device: Authenticator, **lies: Any) -> Session:
        """Register a device."""
        session = await self.session()
        asked = await factors.begin_passkey(self.conn, self.means, session, SITE)
        answer = device.register(asked, **lies)
        self.token = await factors.confirm_passkey(self.conn, self.means, session, SITE, answer, "Key", HERE)
        return await self.session()

    async def answered(self, session: Session, device: Authenticator, **lies: Any) -> PasskeyAnswer:
        """Let a device answer what a session asks."""
        asked = await factors.ask_passkey(self.conn, self.means, session, SITE)
        return PasskeyAnswer(SITE, device.sign(asked, **lies))


async def someone(conn: Connection, means: Means | None = None, email: str = EMAIL) -> Someone:
    """Add a person with a password."""
    means = means or given()
    person = await people.add(conn, means, email=email, name="Ann Example", source=HERE)
    await people.set_password(conn, means, person, PASSWORD, source=HERE)
    return Someone(conn, means, person, email)


async def signed_in(conn: Connection, means: Means | None = None, email: str = EMAIL) -> Someone:
    """Add a person who is signed in, and has just proved once more that it is them."""
    found = await someone(conn, means, email)
    await found.sign_in()
    await found.step_up()
    return found


async def fresh(conn: Connection, person: int) -> None:
    """Let the last code of an app be long past."""
    await conn.run("UPDATE totp_secrets SET last_step = 0 WHERE person = %(person)s", person=person)


async def age(
    conn: Connection, *, begun: timedelta = NONE, seen: timedelta = NONE, stepped_up: timedelta = NONE
) -> None:
    """Let time pass for every session."""
    await conn.run(AGE, begun=begun, seen=seen, stepped_up=stepped_up)


async def clock(conn: Connection) -> int:
    """Give the database's time."""
    return int(await conn.value("SELECT extract(epoch FROM now())::bigint"))


def code_of(app: pyotp.TOTP, at: int) -> AppCode:
    """Give the code of a time."""
    return AppCode(app.at(at))
