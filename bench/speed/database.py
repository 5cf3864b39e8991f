"""The database of the bench: an embedded PostgreSQL, filled once."""

import asyncio
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import quote

from bench.speed.generator import Size, fill
from opencabinet.access import keyfile
from opencabinet.db import Connection, migrations
from opencabinet.db.embedded import SUPERUSER, Embedded

LOADED: Final = "loaded"
"""The database that is loaded into."""


def say(text: str) -> None:
    """Tell how far it is."""
    sys.stderr.write(f"{time.strftime('%H:%M:%S')}  {text}\n")


@contextmanager
def database(home: Path | None, size: Size) -> Iterator[Embedded]:
    """Give the server with the data of `size`; what is kept under `home` is used again."""
    place = home or Path(tempfile.mkdtemp(prefix="oc-bench-"))
    place.mkdir(parents=True, exist_ok=True)
    place.chmod(0o755)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(place))
    server = Embedded(place)
    server.start()
    try:
        asyncio.run(ready(server, place, size))
        yield server
    finally:
        server.stop()
        if home is None:
            shutil.rmtree(place)


async def ready(server: Embedded, place: Path, size: Size) -> None:
    """Have the data there, and the keys."""
    if not (place / keyfile.NAME).exists():
        keyfile.make(place)
    mark = place / "filled"
    wanted = f"{size} {migrations.head()}"
    if mark.exists() and mark.read_text() == wanted:
        return
    say(f"making {size.trades:,} trades of {size.accounts:,} accounts")
    mark.unlink(missing_ok=True)
    await empty(server, "opencabinet")
    await asyncio.to_thread(migrations.up, server.url)
    began = time.monotonic()
    await fill(server.url, size)
    say(f"made in {time.monotonic() - began:.0f} s")
    mark.write_text(wanted)


async def empty(server: Embedded, name: str) -> None:
    """Have an empty database of some name."""
    async with await Connection.open(url(server, "postgres")) as conn:
        await conn.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())
        await conn.execute(f'CREATE DATABASE "{name}"'.encode())


def url(server: Embedded, name: str) -> str:
    """Return the address of a database."""
    return f"postgresql:///{name}?host={quote(str(server.sockets), safe='')}&user={SUPERUSER}"
