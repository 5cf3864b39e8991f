"""What goes wrong at exporters and on the way to them. Each leaves the broker's books as they are."""

import copy
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Literal

from tests.double.double import Double
from tests.double.exporter import Change, Exporter
from tests.double.server import READER, Session

CHUNK = 50


async def another(double: Double) -> Exporter:
    """Return the exporter again, with a connection of its own."""
    made = copy.copy(double.exporter)
    made.session = await double.session()
    return made


@asynccontextmanager
async def late(double: Double, changes: Iterable[Change]) -> AsyncIterator[None]:
    """Write `changes` now and commit them when the block ends, whatever was written in between."""
    second = await another(double)
    async with second.session, second.held(list(changes)):
        yield


@asynccontextmanager
async def frozen(double: Double) -> AsyncIterator[None]:
    """Export nothing, not even that it lives."""
    double.exporter.frozen = True
    try:
        yield
    finally:
        double.exporter.frozen = False


async def half(double: Double) -> None:
    """Export who has accounts and how they stand, and none of their trades."""
    await double.exporter.flush([each for each in double.broker.dirty if each[0].endswith(("_users", "_accounts"))])


async def resync(double: Double, how: Literal["insert", "upsert"], chunk: int = CHUNK) -> AsyncIterator[None]:
    """Export everything again, by pieces that commit on their own; MODIFY_TIME is new, the server's stamps are old."""
    exporter = double.exporter
    everything = [(name, key) for name, rows in double.broker.rows.items() for key in rows]
    if how == "insert":
        for physical in sorted(exporter.made):
            await exporter.session.run(f"DELETE FROM `{physical}`")  # noqa: S608
        exporter.stale.clear()
        yield
    for some in pieces(everything, chunk):
        double.broker.dirty |= dict.fromkeys(some)
        await exporter.flush(some)
        yield


def pieces(changes: list[Change], size: int) -> list[list[Change]]:
    """Part a list."""
    return [changes[start : start + size] for start in range(0, len(changes), size)]


async def lose(double: Double, *changes: Change) -> None:
    """Let rows disappear from the export that the server has."""
    for change in changes:
        await double.exporter.delete(change)


async def restore(double: Double, *changes: Change) -> None:
    """Export rows again with the stamps that they had."""
    double.broker.dirty |= dict.fromkeys(changes)
    await double.exporter.flush(changes)


async def kill(double: Double, *, query: bool = False) -> int:
    """End the connections of readers, or only what they ask; return how many there were."""
    asked = "SELECT id FROM information_schema.processlist WHERE user = %s AND db = %s"
    async with await double.session() as root:
        found = await root.rows(asked + (" AND command = 'Query'" if query else ""), [READER, double.name])
        for (number,) in found:
            await ended(root, f"KILL {'QUERY' if query else 'CONNECTION'} {number}")
    return len(found)


async def ended(root: Session, statement: str) -> None:
    """Run a KILL; whom it is for may have left."""
    await root.run(f"BEGIN NOT ATOMIC DECLARE CONTINUE HANDLER FOR 1094, 1095 BEGIN END; {statement}; END")


@asynccontextmanager
async def locked(double: Double, table: str) -> AsyncIterator[None]:
    """Let nobody read a table."""
    async with await double.session() as root:
        await root.run(f"LOCK TABLES `{table}` WRITE")
        yield


async def change_tables(double: Double, seconds: int = 2) -> None:
    """Do what an exporter's upgrade does to a table; it fails if a reader holds it for so long."""
    prices = double.exporter.named(f"{double.generation[:3]}_prices")
    async with await double.session() as root:
        await root.run(f"SET SESSION lock_wait_timeout = {seconds}")
        for physical in sorted(double.exporter.made):
            if "deals" in physical or "trades" in physical.lower():
                await root.run(f"ALTER TABLE `{physical}` ADD COLUMN IF NOT EXISTS `Later` int NOT NULL DEFAULT 0")
        await root.run(f"TRUNCATE TABLE `{prices}`")
    double.broker.dirty |= dict.fromkeys((prices.lower(), key) for key in double.broker.rows[prices.lower()])


def jump(double: Double, **time: float) -> None:
    """Set the clock that stamps the rows off by so much."""
    double.broker.skew = timedelta(**time)
