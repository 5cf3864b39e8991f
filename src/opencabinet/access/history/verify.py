"""Verifying the history: whatever was edited, removed, put in or put elsewhere is found and named.

Three things must agree: the seals with one another (chain, signature, witness), each seal with its leaves (root), and
the leaves with the rows of the table.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from msgspec import structs

from opencabinet.access.history import store, witness
from opencabinet.access.history.report import Report
from opencabinet.access.history.seals import (
    AT,
    AT_BEGINS,
    EPOCH,
    HASH,
    ID,
    LEAF,
    LOGIN,
    NOTHING,
    WHOSE,
    Leaf,
    Place,
    Row,
    Seal,
    UnreadableError,
    microseconds,
)
from opencabinet.db import Connection
from opencabinet.kernel.ids import LARGEST
from opencabinet.kernel.page import SMALLEST

ROWS_AT_ONCE: Final = 20_000
SEALS_AT_ONCE: Final = 500
LATE: Final = timedelta(hours=1)
"""A row of ours is committed long before it is so old."""
UNHEARD: Final = timedelta(minutes=1)
"""The witness hears of a seal long before it is so old."""
END: Final = (2**64 - 1, LARGEST)
"""The place behind all rows."""
Held = dict[bytes, tuple[bytes, Seal]]


async def verify(
    conn: Connection, keys: set[bytes], path: Path | None, progress: Callable[[int], None] = lambda _: None
) -> Report:
    """Verify the whole history as of now: sealed with one of `keys`, and witnessed in `path`."""
    return await Verifier(conn, keys, path, progress).verify()


class Verifier:
    """Goes through the history once, in the order in which it was sealed."""

    def __init__(self, conn: Connection, keys: set[bytes], path: Path | None, progress: Callable[[int], None]) -> None:
        self.conn = conn
        self.keys = keys
        self.path = path
        self.progress = progress
        self.report = Report()
        self.heard: dict[int, bytes] = {}
        self.unheard: list[Seal] = []
        self.lately = datetime.now(UTC) - UNHEARD
        self.floors: list[int] = []
        self.earliest: dict[int, int] = {}
        self.latest: dict[int, int] = {}
        self.today = (datetime.now(UTC).date() - EPOCH.date()).days

    async def verify(self) -> Report:
        """Verify everything, and say what was found."""
        self.listen()  # before the snapshot, which then holds every seal that the witness knows
        async with self.conn.snapshot():
            self.floors = await store.floors(self.conn)
            before: Seal | None = None
            while page := await self.page(before):
                start = before.place if before else Place()
                for seal in page:
                    self.link(seal, before)
                    before = seal
                await self.compare(start, page)
            self.end(before)
            await self.outside(before.place if before else Place())
        return self.report

    async def page(self, before: Seal | None) -> list[Seal]:
        """Return the next seals."""
        number = before.number if before else SMALLEST
        return await store.seals(self.conn, number, limit=SEALS_AT_ONCE, rows=ROWS_AT_ONCE)

    def listen(self) -> None:
        """Hear what the witness knows; two different seals of one number are a finding."""
        try:
            for line in witness.lines(self.path) if self.path else ():
                if self.heard.setdefault(line.number, line.hash) != line.hash:
                    self.report.find("the witness knows two seals of this number", line.number)
        except OSError as wrong:
            self.report.find(f"the witness cannot be read: {wrong.strerror}")

    def link(self, seal: Seal, before: Seal | None) -> None:
        """See that a seal follows the one before it, and is the one that the witness knows.

        Each seal holds the hash of the one before, signature included: the last signature stands for all of them, and
        others are looked at only to tell which of two seals was changed.
        """
        self.report.seals += 1
        if seal.number != (before.number + 1 if before else 1):
            self.report.find("the seals before it are missing", seal.number)
        elif seal.previous != (before.hash if before else NOTHING):
            self.report.find("it does not follow the seal before it: one of the two was changed", seal.number)
            for each in (before, seal):
                self.authentic(each)
        if seal.key not in self.keys:
            self.report.find("it is signed with a key that is not ours", seal.number)
        if (hash_heard := self.heard.pop(seal.number, None)) is not None:
            self.report.witnessed += 1
            if hash_heard != seal.hash:
                self.report.find("the witness knows another seal of this number", seal.number)
        elif self.path:
            self.unheard.append(seal)
        whole_at = before.whole_at if before else None
        self.earliest[seal.number] = microseconds(whole_at - LATE) if whole_at else SMALLEST
        self.latest[seal.number] = microseconds(seal.at + LATE)

    def authentic(self, seal: Seal | None) -> None:
        """See that the signature of a seal is good."""
        if seal and not seal.signed():
            self.report.find("its signature is not good: the seal was changed", seal.number)

    def end(self, last: Seal | None) -> None:
        """See that the last seal is signed, and that none is missing behind it that the witness knows."""
        self.authentic(last)
        self.report.whole_at = last.whole_at if last else None
        for number in sorted(self.heard):
            self.report.find("the witness knows this seal, and it is not there", number)
        # Only the newest seals may be on their way to a witness that is there.
        newest = self.report.seals - len(self.unheard)
        if not self.report.witnessed or any(seal.number <= newest or seal.at < self.lately for seal in self.unheard):
            self.missed()

    def missed(self) -> None:
        """Take down that the witness does not know what it should."""
        if self.unheard:
            what = f"the witness does not know this seal, of {len(self.unheard)} that it should know"
            self.report.find(what, self.unheard[0].number)

    async def compare(self, start: Place, page: list[Seal]) -> None:
        """Compare the leaves of some seals with the rows that stand where theirs stood."""
        for floor, seals in groupby(page, key=lambda seal: seal.floor):
            part = list(seals)
            if floor != start.floor:  # a backup was restored: nothing more is of the time before
                await self.strangers(start)
                start = Place(floor=floor)
            await self.match(start, part)
            start = part[-1].place
            self.progress(sum(seal.rows for seal in part))
        self.earliest.clear()
        self.latest.clear()

    async def match(self, start: Place, seals: list[Seal]) -> None:
        """Match rows with leaves; what is left of either is a finding, unless it may be forgotten by now."""
        held = self.held(seals)
        for granted in (True, False):
            async for records in self.rows(start, seals[-1].place.of(granted=granted), granted=granted):
                self.see(records, held)
        for packed, seal in held.values():
            leaf = Leaf(*LEAF.unpack(packed))
            if leaf.until > self.today:
                self.report.find("it was removed, or put elsewhere", seal.number, leaf)
            else:
                self.report.forgotten += 1

    def see(self, records: list[bytes], held: Held) -> None:
        """See that rows are as they were sealed, and of a time at which they can have been written."""
        for record in records:  # ten million times: bytes are compared, nothing is unpacked but the time
            packed, seal = held.pop(record[LOGIN] + record[ID], (None, None))
            if packed is None or seal is None:
                self.report.find("it was put in, or put elsewhere: no seal holds it here", row=self.readable(record))
                continue
            self.report.rows += 1
            if hashlib.sha256(record).digest() != packed[HASH]:
                self.report.find("it was changed", seal.number, self.readable(record))
            elif not self.earliest[seal.number] <= AT.unpack_from(record, AT_BEGINS)[0] <= self.latest[seal.number]:
                what = "it was put in: its time is not that of its batch"
                self.report.find(what, seal.number, self.readable(record))

    def held(self, seals: list[Seal]) -> Held:
        """Return the leaves of seals by login and id, once they are the ones that were sealed."""
        found: Held = {}
        for seal in seals:
            if seal.rows and not seal.leaves and (seal.until - EPOCH.date()).days <= self.today:
                self.report.forgotten += seal.rows
                continue
            if hashlib.sha256(seal.leaves).digest() != seal.root or len(seal.leaves) != seal.rows * LEAF.size:
                self.report.find("what it keeps of its rows was changed", seal.number)
            found.update((packed[WHOSE], (packed, seal)) for packed in seal.holds())
        return found

    async def rows(self, start: Place, last: tuple[int, int], *, granted: bool) -> AsyncIterator[list[bytes]]:
        """Give the rows of a kind after `start`, up to `last`, that are of the same time between restored backups."""
        ceiling = next((floor for floor in self.floors if floor > start.floor), LARGEST)
        within: dict[str, Any] = {"granted": granted, "floor": start.floor, "ceiling": ceiling, "last": last}
        page = await store.rows(self.conn, ROWS_AT_ONCE, after=start.of(granted=granted), **within)
        while len(page) == ROWS_AT_ONCE:
            after = Row.of(page[-1]).place
            # The database gets the next page ready while this one is looked at.
            following = asyncio.create_task(store.rows(self.conn, ROWS_AT_ONCE, after=after, **within))
            await asyncio.sleep(0)
            yield page
            page = await following
        if page:
            yield page

    def readable(self, record: bytes) -> Row | None:
        """Read whose row it is, if it is one."""
        try:
            return Row.of(record)
        except UnreadableError:
            return None

    async def strangers(self, start: Place) -> None:
        """See that no row stands behind `start`, below the next floor."""
        for granted in (True, False):
            async for records in self.rows(start, END, granted=granted):
                self.see(records, {})

    async def outside(self, place: Place) -> None:
        """Look at the rows that are not sealed: those to come, and those that stand where none can."""
        horizon = await store.horizon(self.conn)
        if max(place.granted_xid, place.refused_xid) >= horizon:
            horizon = END[0]  # a backup was restored, and the worker has not begun anew
        oldest = microseconds(self.report.whole_at - LATE) if self.report.whole_at else SMALLEST
        for granted in (True, False):
            async for records in self.rows(place, END, granted=granted):
                self.report.pending += len(records)
                for row in map(Row.of, records):
                    if row.at < oldest:
                        self.report.find("it was put in, or put elsewhere: it should be sealed by now", row=row)
                    elif row.xid >= horizon:
                        self.report.find("it was put in, or put elsewhere: its transaction is yet to come", row=row)
        self.floors = [0]
        await self.strangers(structs.replace(Place(), granted_id=SMALLEST, refused_id=SMALLEST, floor=SMALLEST))
