"""Every kind of credential that somebody may show, and what the judge should make of it."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from typing import Any, Final

from msgspec import Struct

from opencabinet import access
from opencabinet.access import Family, Function, Kind, Lifetimes, NewFeedKey, NewKey, Source, keyfile
from opencabinet.access.credentials.model import MOST_READS_PER_MINUTE
from opencabinet.access.model import Bearer, Grant
from opencabinet.db import Connection
from opencabinet.kernel.ids import Login
from opencabinet.settings import Settings

ORIGIN: Final = "https://widgets.example"
HERE: Final = "203.0.113.7"
ELSEWHERE: Final = "198.51.100.7"
NOTHING: Final = Grant(shown=False)
USELESS: Final = Grant(shown=True)
OLD: Final = "UPDATE tokens SET proved_at = now() - interval '6 minutes' WHERE hash = sha256(%(token)s::bytea)"
ENDED: Final = "UPDATE tokens SET expires_at = now() WHERE hash = sha256(%(token)s::bytea)"
REVOKED: Final = "UPDATE tokens SET revoked_at = now() WHERE hash = sha256(%(token)s::bytea)"


class Shown(Struct, frozen=True, kw_only=True):
    """A credential: its text, the origin it is shown from, and what it is worth at each kind of door."""

    text: str | None
    modern: Grant
    old: Grant
    origin: str | None = None
    feeds: bool = False
    """Whether it is a feed key."""

    @property
    def useless(self) -> bool:
        """Whether it is good for nothing at every door."""
        return self.modern == self.old == USELESS and not self.feeds


async def credentials(conn: Connection, login: Login, other: Login, settings: Settings) -> dict[str, Shown]:
    """Make every kind of credential of an account, and one of another's."""
    made = Making(conn, login, settings)
    found = {
        "nothing": Shown(text=None, modern=NOTHING, old=NOTHING),
        "a feed key": Shown(text=await feed_key(conn), modern=USELESS, old=USELESS, feeds=True),
        "garbage": Shown(text="0" * 64, modern=USELESS, old=USELESS),
        "a truncated token": Shown(text=(await made.old(Family.CLIENT))[:-1], modern=USELESS, old=USELESS),
    }
    for family in Family:
        bearer = Grant(shown=True, bearer=Bearer(login, family, proved_at=datetime.now(UTC)))
        found[f"a legacy {family} token"] = Shown(text=await made.old(family), modern=USELESS, old=bearer)
    for family in (Family.CLIENT, Family.PARTNER):
        bearer = Grant(shown=True, bearer=Bearer(login, family, Kind.BEARER, proved_at=datetime.now(UTC)))
        session = await made.session(family)
        found[f"a v1 {family} token"] = Shown(text=session.bearer, modern=bearer, old=USELESS)
        found[f"a v1 {family} refresh token"] = Shown(text=session.refresh, modern=USELESS, old=USELESS)
    return {**found, **await made.spoilt(), **await made.keys(), **await others(conn, other, settings)}


async def feed_key(conn: Connection, *servers: str) -> str:
    """Make a feed key, and return its secret."""
    return (await access.make_feed_key(conn, NewFeedKey(name="feed", servers=servers or ("Demo",)))).secret


async def others(conn: Connection, other: Login, settings: Settings) -> dict[str, Shown]:
    """Make credentials of another account."""
    made = Making(conn, other, settings)
    theirs = Grant(shown=True, bearer=Bearer(other, Family.CLIENT))
    return {
        "another's legacy token": Shown(text=await made.old(Family.CLIENT), modern=USELESS, old=theirs),
        "another's v1 token": Shown(text=(await made.session(Family.CLIENT)).bearer, modern=theirs, old=USELESS),
    }


class Making:
    """Makes credentials of an account."""

    def __init__(self, conn: Connection, login: Login, settings: Settings) -> None:
        self.conn = conn
        self.login = login
        self.pepper = keyfile.load(settings.folder).pepper
        self.password: str | None = None

    async def given(self) -> dict[str, Any]:
        """Return what a token is asked for with."""
        if self.password is None:
            self.password = await access.set_password(self.conn, self.login, pepper=self.pepper)
        return {"pepper": self.pepper, "login": self.login, "password": self.password}

    async def old(self, family: Family) -> str:
        """Make a legacy token."""
        return await access.issue(self.conn, **await self.given(), family=family, lifetime=timedelta(hours=1))

    async def session(self, family: Family, **more: Any) -> access.Session:
        """Make a session of v1."""
        return await access.begin(self.conn, **await self.given(), family=family, lifetimes=Lifetimes(), **more)

    async def spoilt(self) -> dict[str, Shown]:
        """Make tokens that are not what they were, or not good from everywhere."""
        found = {}
        for name, statement in (("an expired", ENDED), ("a revoked", REVOKED)):
            for kind, text in (
                ("legacy", await self.old(Family.CLIENT)),
                ("v1", (await self.session(Family.CLIENT)).bearer),
            ):
                await self.conn.run(statement, token=text)
                found[f"{name} {kind} token"] = Shown(text=text, modern=USELESS, old=USELESS)
        text = (await self.session(Family.CLIENT)).bearer
        await self.conn.run(OLD, token=text)
        long_ago = datetime.now(UTC) - timedelta(minutes=6)
        grant = Grant(shown=True, bearer=Bearer(self.login, Family.CLIENT, Kind.BEARER, proved_at=long_ago))
        found["a v1 token of long ago"] = Shown(text=text, modern=grant, old=USELESS)
        source = Source(channel="v1", address=access.address(HERE))
        text = (await self.session(Family.CLIENT, label=access.label("", source, bind_network=True))).bearer
        bound = Bearer(
            self.login, Family.CLIENT, Kind.BEARER, networks=(ip_network(f"{HERE}/24", strict=False),),
            proved_at=datetime.now(UTC),
        )  # fmt: skip
        found["a v1 token bound to a network"] = Shown(text=text, modern=Grant(shown=True, bearer=bound), old=USELESS)
        return found

    async def keys(self) -> dict[str, Shown]:
        """Make keys of both kinds."""
        every = frozenset(each for each in Function if each is not Function.ACCESS and each.family is Family.CLIENT)
        pages = frozenset({Function.BALANCE, Function.CLOSED_TRADES})
        here = (access.network(f"{HERE}/24"),)
        await access.set_policy(self.conn, self.login, access.Policy(default=access.Rule(level=access.Level.OPEN)))
        wanted = {
            "a server key": NewKey(kind=Kind.SERVER, name="all", functions=every),
            "a server key for some": NewKey(kind=Kind.SERVER, name="some", functions=pages, networks=here),
            "a publishable key": NewKey(
                kind=Kind.PUBLISHABLE,
                name="page",
                functions=pages,
                origins=(ORIGIN,),
                reads_per_minute=MOST_READS_PER_MINUTE,
            ),
        }
        found = {}
        for name, new in wanted.items():
            text = (await access.make_key(self.conn, self.login, new)).secret
            bearer = Bearer(
                self.login, Family.CLIENT, new.kind, functions=new.functions, networks=new.networks, origins=new.origins
            )
            for origin in (None, ORIGIN, "https://elsewhere.example") if new.origins else (None,):
                shown = Shown(text=text, modern=Grant(shown=True, bearer=bearer), old=USELESS, origin=origin)
                found[name + (f" from {origin}" if new.origins else "")] = shown
        return found
