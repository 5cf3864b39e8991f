"""A double of a trading server and who follows it, for tests of pitfalls."""

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, LiteralString

from opencabinet.db import Connection
from opencabinet.ingest.feeds.metatrader import Feed, Follower
from tests.double import Double, Server, differences
from tests.double.play import Player
from tests.double.schema import Generation

LEFT_OUT = ("manager*", "demo*", "coverage*", "preliminary*")
LOGIN = "SELECT login FROM sources WHERE server = %(server)s AND number = %(number)s ORDER BY since DESC LIMIT 1"
EVENTS = "SELECT kind FROM events WHERE login = %(login)s ORDER BY number"
STATE = "SELECT state FROM feeds WHERE server = %(server)s"


class Followed:
    """A server that is followed into the database of `conn`."""

    def __init__(self, double: Double, conn: Connection, server: str, **settings: Any) -> None:
        self.double, self.conn, self.server = double, conn, server
        self.broker = double.broker
        given: dict[str, Any] = {
            "server": server,
            "kind": self.broker.platform,
            "url": double.url(),
            "clock": self.broker.rule,
            "cent_groups": ("*cent*",),
            "leave_out": LEFT_OUT,
            "poll_seconds": Decimal(0),
            "floating_seconds": 0,
            "currency": "USD" if double.generation == "mt4-2012" else "",
        }
        self.feed = Feed(**(given | settings))
        self.follower = self.again()

    def again(self) -> Follower:
        """Return a follower that knows nothing yet, as after a restart."""
        return Follower(self.feed, now=lambda: self.broker.now)

    async def restart(self) -> None:
        """End the follower, and begin with another."""
        await self.follower.forget()
        self.follower = self.again()

    async def load(self) -> None:
        """Export all that waits, and load it."""
        await self.double.flush()
        await self.follower.load(self.conn)

    async def step(self) -> None:
        """Export all that waits, and look once."""
        await self.double.flush()
        await self.follower.step(self.conn)

    async def sweep(self) -> None:
        """Export all that waits, and compare everything."""
        await self.double.flush()
        await self.follower.sweep(self.conn)

    async def differences(self) -> list[str]:
        """Return how what we hold differs from the server's books."""
        return await differences(self.conn, self.server, self.broker)

    async def login(self, number: int) -> int:
        """Return whose the number is now."""
        found: int = await self.conn.value(LOGIN, server=self.server, number=number)
        return found

    async def events(self, number: int) -> list[str]:
        """Return the kinds of events of an account, in their order."""
        return await self.conn.values(EVENTS, login=await self.login(number))

    async def state(self) -> str:
        """Return how the feed is."""
        found: str = await self.conn.value(STATE, server=self.server)
        return found

    async def row(self, statement: LiteralString, **given: Any) -> tuple[Any, ...]:
        """Return the only row of a statement."""
        rows = await self.rows(statement, **given)
        assert len(rows) == 1, rows
        return rows[0]

    async def rows(self, statement: LiteralString, **given: Any) -> list[tuple[Any, ...]]:
        """Return the rows of a statement."""
        async with self.conn.cursor() as cursor:
            await cursor.execute(statement, given)
            return await cursor.fetchall()

    async def close(self) -> None:
        """End both."""
        await self.follower.forget()
        await self.double.close()


class Following:
    """Makes servers that are followed, and ends them."""

    def __init__(self, mariadb: Server, conn: Connection) -> None:
        self.mariadb, self.conn = mariadb, conn
        self.made: list[Followed] = []

    async def __call__(
        self, generation: Generation, server: str = "Double-1", settings: dict[str, Any] | None = None, **how: Any
    ) -> Followed:
        """Make a server of `generation`; `how` is what its broker is given."""
        double = await Double.open(self.mariadb, generation, **how)
        followed = Followed(double, self.conn, server, **(settings or {}))
        self.made.append(followed)
        return followed

    async def close(self) -> None:
        """End them all."""
        for each in self.made:
            await each.close()


def utc(text: str) -> datetime:
    """Return a moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def table(followed: Followed) -> str:
    """Return where trades are exported to."""
    return "mt4_trades" if followed.broker.platform == "mt4" else "mt5_deals"


def every(followed: Followed, keys: Iterable[int]) -> list[tuple[str, int]]:
    """Return the rows of deals or tickets."""
    return [(table(followed), key) for key in keys]


async def played(follow: Following, generation: Generation, times: int = 120, **settings: Any) -> Followed:
    """Return a server with some history, loaded."""
    server = await follow(generation, settings=settings)
    player = Player(server.broker, rare=False)
    player.begin(8)
    player.act(times)
    await server.load()
    assert await server.differences() == []
    return server


async def paid(server: Followed, times: int = 1) -> list[int]:
    """Let money be paid in, so many times at one moment; return the tickets."""
    account = next(each for each in server.broker.accounts.values() if each.group.followed)
    return [server.broker.deposit(account, "1") for _ in range(times)]
