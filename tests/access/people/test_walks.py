"""Whatever is done in whatever order, a session is good only where all was proved that its person asks for then."""

import random
from dataclasses import dataclass, field

import pyotp
import pytest

from opencabinet.access import people
from opencabinet.access.people import factors
from opencabinet.access.people.factors import AppCode, PasswordProof, Proof
from opencabinet.access.people.sessions.model import MOST_UNPROVED
from opencabinet.db import Connection
from tests.access.people.person import HERE, OTHER, PASSWORD, Someone, clock, fresh, someone

STEPS = 30


@dataclass
class Known:
    """A session as it should be."""

    token: str
    proved: bool = False
    stepped_up: bool = False
    alive: bool = True


@dataclass
class Walk:
    """A person who does things at random, and what should come of it."""

    ann: Someone
    chance: random.Random
    password: str = PASSWORD
    app: pyotp.TOTP | None = None
    sessions: list[Known] = field(default_factory=list)
    spent: list[str] = field(default_factory=list)

    def good(self, known: Known) -> bool:
        return known.alive and (known.proved or self.app is None)

    def some(self, *, good: bool = True, stepped_up: bool = False) -> Known | None:
        fit = [
            each
            for each in self.sessions
            if each.alive and self.good(each) is good and (each.stepped_up or not stepped_up)
        ]
        return self.chance.choice(fit) if fit else None

    def renew(self, known: Known, token: str) -> None:
        self.spent.append(known.token)
        known.token = token

    def end(self, besides: Known | None = None) -> None:
        for each in self.sessions:
            each.alive = each is besides and each.alive

    async def proof(self) -> Proof:
        await fresh(self.ann.conn, self.ann.id)
        return AppCode(self.app.at(await clock(self.ann.conn))) if self.app else PasswordProof(self.password)

    async def sign_in(self) -> None:
        assert await self.ann.sign_in(self.password) is (self.app is not None)
        self.sessions.append(Known(self.ann.token))
        for known in [each for each in self.sessions if each.alive and not self.good(each)][:-MOST_UNPROVED]:
            known.alive = False

    async def guess(self) -> None:
        with pytest.raises(people.SignInRefused):
            await self.ann.sign_in("wrong")

    async def complete(self) -> None:
        if known := self.some(good=False):
            self.ann.token = known.token
            await self.ann.complete(await self.proof())
            self.renew(known, self.ann.token)
            known.proved = True

    async def step_up(self) -> None:
        if known := self.some():
            self.ann.token = known.token
            await self.ann.step_up(await self.proof())
            self.renew(known, self.ann.token)
            known.stepped_up, known.proved = True, known.proved or self.app is not None

    async def enrol(self) -> None:
        if known := self.some(stepped_up=True):
            self.ann.token = known.token
            await fresh(self.ann.conn, self.ann.id)
            self.app = await self.ann.enrol_app()
            self.renew(known, self.ann.token)
            known.proved = True

    async def remove(self) -> None:
        if self.app and (known := self.some(stepped_up=True)):
            self.ann.token = known.token
            session = await self.ann.session()
            self.renew(known, await factors.remove_app(self.ann.conn, self.ann.means, session, HERE))
            self.app = None

    async def change(self) -> None:
        if known := self.some():
            self.ann.token, new = known.token, OTHER if self.password == PASSWORD else PASSWORD
            token = await people.change_password(
                *(self.ann.conn, self.ann.means, await self.ann.session()),
                old=self.password,
                new=new,
                source=HERE,
            )
            self.renew(known, token)
            self.password = new
            self.end(besides=known)

    async def reset_password(self) -> None:
        code = await people.password_code(self.ann.conn, self.ann.means, self.ann.id, HERE)
        await people.set_password_by_code(self.ann.conn, self.ann.means, code, PASSWORD, source=HERE)
        self.password = PASSWORD
        self.end()

    async def reset_factors(self) -> None:
        await people.reset_factors(self.ann.conn, self.ann.means, self.ann.id, HERE)
        self.app = None
        self.end()

    async def sign_out(self) -> None:
        if known := self.some():
            self.ann.token = known.token
            await people.sign_out(self.ann.conn, self.ann.means, await self.ann.session(), HERE)
            known.alive = False

    async def check(self) -> None:
        """See that every token that ever was is worth what it should be."""
        for known in self.sessions:
            session = await people.who(self.ann.conn, known.token)
            waiting = await people.unproved(self.ann.conn, known.token)
            assert (session is not None) is self.good(known)
            assert (waiting is not None) is (known.alive and not self.good(known))
            assert session is None or session.stepped_up is known.stepped_up
        for token in self.spent:
            assert await people.who(self.ann.conn, token) is None
            assert await people.unproved(self.ann.conn, token) is None


@pytest.mark.parametrize("seed", range(12))
async def test_a_walk_of_thirty_steps_ends_where_it_should(conn: Connection, seed: int) -> None:
    walk = Walk(await someone(conn), random.Random(seed))  # noqa: S311 - a walk, not a secret
    often = [walk.sign_in, walk.complete, walk.step_up, walk.enrol]
    seldom = [walk.guess, walk.remove, walk.change, walk.reset_password, walk.reset_factors, walk.sign_out]

    for _ in range(STEPS):
        await walk.chance.choice([*often, *often, *often, *seldom])()
        await walk.check()
