"""A server with its exporter and its database, ready to be followed."""

from itertools import count
from typing import Any, Final, Self

from tests.double.exporter import Exporter
from tests.double.mt4 import Mt4
from tests.double.mt5 import Mt5
from tests.double.schema import Generation
from tests.double.server import EXPORTER, READER, Server, Session

NUMBERS: Final = count(1)
MOST_ROWS: Final = 6


class Double:
    """A trading server as the outside sees it. `broker` acts, `exporter` writes, `url` is where it is read."""

    def __init__(self, server: Server, generation: Generation, name: str) -> None:
        self.server, self.generation, self.name = server, generation, name
        self.exporter: Exporter
        self.broker: Any

    @classmethod
    async def open(cls, server: Server, generation: Generation, **how: Any) -> Self:
        """Make the database of a new server of `generation`; `how` is what the broker is given."""
        made = cls(server, generation, f"export_{next(NUMBERS)}")
        charset = "utf8mb4" if generation.endswith("upper") else "latin1"
        root = await server.session(EXPORTER)
        await root.run(f"CREATE DATABASE `{made.name}` DEFAULT CHARACTER SET {charset}")
        await root.close()
        if generation.startswith("mt4"):
            made.broker = Mt4(**how)
        else:
            made.broker = Mt5(fees=generation != "mt5-2018", **how)
        made.exporter = Exporter(made.broker, generation, await made.session())
        await made.exporter.make()
        await made.exporter.flush()
        return made

    def url(self, user: str = READER) -> str:
        """Return the address of its database."""
        return self.server.url(self.name, user)

    async def session(self, user: str = EXPORTER, *, autocommit: bool = True) -> Session:
        """Connect to its database."""
        made = await self.server.session(user, self.name, autocommit=autocommit)
        if user == EXPORTER:
            await made.run("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED")
        return made

    async def flush(self) -> None:
        """Export all that waits."""
        await self.exporter.flush()

    async def close(self) -> None:
        """Drop the database, whoever reads it."""
        await self.exporter.session.close()
        root = await self.server.session(EXPORTER)
        await root.run("SET SESSION lock_wait_timeout = 5")
        await root.run(f"DROP DATABASE IF EXISTS `{self.name}`")
        await root.close()
