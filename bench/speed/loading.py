"""A first load by lines of JSON, beside a bare COPY of the same rows into the same tables with the same indexes."""

import asyncio
import http.client
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from statistics import median
from typing import Final

from msgspec import Struct

from bench.speed.database import LOADED, empty, say, url
from bench.speed.generator import Size, lines_of
from bench.speed.long_answers import MEGABYTE, Peak
from bench.speed.model import Check, Part
from bench.speed.options import Options
from bench.speed.places import FIRST, SERVER
from bench.speed.services import Service, ours
from bench.speed.statements import CLOSED
from opencabinet import access
from opencabinet.access import NewFeedKey
from opencabinet.db import Connection, migrations
from opencabinet.db.embedded import Embedded
from opencabinet.ingest import feeds

OF_COPY: Final = 0.35
MOST_MEGABYTES: Final = 100.0
OF_AN_ACCOUNT: Final = 1_000
"""Trades of each account."""
AT_A_TIME: Final = 2
"""Batches under way: one is kept, the next is read."""
LARGEST: Final = 8 * MEGABYTE
"""Bytes of a batch: what a server takes unless told otherwise."""
NAMES: Final = tuple(CLOSED.split(", "))
UNTOLD: Final = frozenset({"login", "opened_offset", "closed_offset"})
TABLES: Final = ("closed_trades", "feed_rows")
"""Where a closed trade is kept: itself, and that it is kept."""


class Loaded(Struct, frozen=True):
    """Seconds of a first load and of the bare copies, and the memory of a process above what it had, in megabytes."""

    taken: float
    copied: dict[str, float]
    memory: float


def loading(server: Embedded, options: Options, folder: Path) -> Part:
    """Load and copy in turn."""
    rows = options.load_rows
    bodies = list(written(options, folder))
    found = [asyncio.run(one(server, bodies, folder)) for _ in range(options.rounds)]
    taken, memory = median(each.taken for each in found), max(each.memory for each in found)
    copied = {name: median(each.copied[name] for each in found) for name in TABLES}
    ratio = sum(copied.values()) / taken
    table = [
        ["lines of JSON, with roll-ups and events", f"{taken:.1f}", f"{rows / taken:,.0f}", f"{ratio:.2f}"],
        ["COPY into both tables", f"{sum(copied.values()):.1f}", f"{rows / sum(copied.values()):,.0f}", "1"],
        *([f"COPY into {name}", f"{it:.1f}", f"{rows / it:,.0f}", ""] for name, it in copied.items()),
        ["memory of a web process above idle, MB", f"{memory:.0f}", "", ""],
    ]
    checks = [
        Check("first load: part of a bare COPY", ratio, OF_COPY),
        Check("first load: megabytes above idle", memory, MOST_MEGABYTES, at_most=True),
    ]
    accounts = rows // OF_AN_ACCOUNT
    text = f"{rows:,} closed trades of {accounts:,} new accounts, {len(bodies)} batches, one read while one is kept."
    return Part("First load", text, ["", "seconds", "rows a second", "to COPY"], table, checks)


def written(options: Options, folder: Path) -> Iterator[Path]:
    """Write the bodies of the batches, and give their files."""
    accounts = options.load_rows // OF_AN_ACCOUNT
    size = Size(accounts, options.load_rows, options.size.seed)
    kept, length, number = list[bytes](), 0, 0
    for line in (*map(account, range(FIRST, FIRST + accounts)), *map(closed, lines_of(size, OF_AN_ACCOUNT))):
        if length + len(line) > LARGEST:
            yield saved(folder / f"batch-{number}", kept)
            kept, length, number = [], 0, number + 1
        kept.append(line)
        length += len(line)
    yield saved(folder / f"batch-{number}", kept)


def saved(file: Path, lines: list[bytes]) -> Path:
    """Write lines."""
    file.write_bytes(b"".join(lines))
    return file


def account(login: int) -> bytes:
    """Return an account as a line."""
    told = {"row": "account", "number": login, "platform": "mt4", "currency": "USD", "as_of": "2026-01-02T12:00:00Z"}
    return json.dumps(told, separators=(",", ":")).encode() + b"\n"


def closed(line: str) -> bytes:
    """Return a closed trade as a line."""
    cells = dict(zip(NAMES, line.split("\t"), strict=True))
    numbers = {name: int(cells[name]) for name in ("ticket", "position", "digits")}
    told = {name: value for name, value in cells.items() if name not in UNTOLD} | numbers
    return json.dumps({"row": "closed", "number": int(cells["login"]), **told}, separators=(",", ":")).encode() + b"\n"


async def one(server: Embedded, bodies: list[Path], folder: Path) -> Loaded:
    """Load into an empty database, and copy what is there then."""
    await empty(server, LOADED)
    await asyncio.to_thread(migrations.up, url(server, LOADED))
    async with await Connection.open(url(server, LOADED)) as conn:
        async with conn.transaction():
            key = await access.make_feed_key(conn, NewFeedKey(name="bench", servers=(SERVER,), networks=()))
            await feeds.know(conn, SERVER, "push", "+02:00")
        await conn.execute("CHECKPOINT")
        with ours(server, folder, LOADED) as service, Peak(service) as peak:
            taken = await asyncio.to_thread(pushed, service, key.secret, bodies)
        await conn.execute("CHECKPOINT")
        copied = {name: await copy(conn, name, folder / name) for name in TABLES}
    say(f"loaded in {taken:.1f} s, copied in {sum(copied.values()):.1f} s")
    return Loaded(taken, copied, peak.most / MEGABYTE)


def pushed(service: Service, key: str, bodies: list[Path]) -> float:
    """Bring batches in, the next one being sent while one is kept, and return the seconds that takes."""
    numbered = list(enumerate(bodies, start=1))
    began = time.perf_counter()
    sent(service, key, numbered[:1])  # any number may be the first
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        list(pool.map(partial(sent, service, key), (numbered[at::AT_A_TIME] for at in range(1, 1 + AT_A_TIME))))
    return time.perf_counter() - began


def sent(service: Service, key: str, numbered: list[tuple[int, Path]]) -> None:
    """Send batches, each after the one before was answered, by one connection."""
    conn = http.client.HTTPConnection("127.0.0.1", service.port, timeout=120)
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/x-ndjson"}
    for number, body in numbered:
        path = f"/v1/ingest?server={SERVER}&sequence={number}&bulk=true"
        conn.request("POST", path, body=body.read_bytes(), headers=headers)
        response = conn.getresponse()
        answer = response.read()
        if response.status != 200:  # noqa: PLR2004 - OK
            raise SystemExit(f"{path}: {response.status} {answer!r}")


async def copy(conn: Connection, table: str, file: Path) -> float:
    """Copy a table's rows into one of the same shape and indexes, and return the seconds that takes."""
    with file.open("wb") as told:
        async with conn.cursor() as cursor, cursor.copy(f"COPY {table} TO STDOUT".encode()) as rows:
            async for some in rows:
                told.write(some)
    await conn.execute(f"CREATE TABLE copied (LIKE {table} INCLUDING ALL)".encode())
    began = time.perf_counter()
    with file.open("rb") as told:
        async with conn.cursor() as cursor, cursor.copy(b"COPY copied FROM STDIN") as rows:
            while some := told.read(MEGABYTE):
                await rows.write(some)
    taken = time.perf_counter() - began
    await conn.execute("DROP TABLE copied")
    return taken
