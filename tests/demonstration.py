"""The sample statements: invented accounts whose figures stay as they are, unlike those of the living demonstration."""

import asyncio
from functools import cache
from pathlib import Path

from opencabinet import ingest, samples
from opencabinet.db import Connection
from opencabinet.ingest import Statement, reading
from opencabinet.kernel.ids import Login

CLOCK = "NewYork+7"


def files() -> dict[Login, Path]:
    """Return the samples by the login of their account; a sample is named for its platform and login."""
    found = sorted((Path(samples.__file__).parent / "files").glob("mt?-*"))
    return {Login(int(file.stem.partition("-")[2])): file for file in found}


@cache
def read(file: Path) -> Statement:
    """Return the statement in a sample, read once for all tests of a process."""
    return reading.read(file)


async def import_sample(conn: Connection, file: Path, login: Login) -> None:
    """Import a sample from the invented broker's server for its platform."""
    statement = await asyncio.to_thread(read, file)
    server = f"HarbourStreet-{statement.platform.upper()}"
    await ingest.load(conn, statement, server=server, rule=CLOCK, login=login)
