"""All that is kept of somebody and their accounts, as one file that is made while it is sent."""

import asyncio
import io
import time
import zipfile
from collections.abc import AsyncIterator
from typing import Any, Final

import msgspec

from opencabinet.access import people
from opencabinet.access.people import factors, leaving
from opencabinet.doors import lending
from opencabinet.doors.cabinet.visit import Visit
from opencabinet.doors.within import Answer

AT_A_TIME: Final = 2
PAGE: Final = 500
MOST_BYTES: Final = 512 * 1024 * 1024
"""Of what is in the file, before it is made smaller."""
MOST_SECONDS: Final = 240
MOST_STATED: Final = 32 * 1024 * 1024
"""Where the lists of an account are longer, its statement is not put in: it is downloaded by itself."""
LONGEST_WAIT: Final = 65
PIECE: Final = 256 * 1024
"""So much is made smaller at a time, and then others have their turn."""
TOO_MANY: Final = 429
WHOLE: Final = (
    *("balance", "summary", "bonuses", "closed-lots", "metrics", "series/balance"),
    *("access-policy", "tokens", "keys", "webhooks", "partner/consent"),
)
LISTS: Final = ("trades/open", "trades/closed", "orders", "movements", "authorizations")
OF_PARTNERS: Final = ("codes", "statistics", "clicks")
LISTS_OF_PARTNERS: Final = ("clients", "links", "rewards", "payouts", "disputes", "claims", "clicks/each")


class Sink(io.RawIOBase):
    """Takes what the archive writes, until it is sent."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []

    def writable(self) -> bool:
        """Say that it takes something."""
        return True

    def write(self, given: Any) -> int:
        """Take something."""
        self.parts.append(bytes(given))
        return len(given)

    def taken(self) -> bytes:
        """Give what was taken, and forget it."""
        whole = b"".join(self.parts)
        self.parts.clear()
        return whole


class Archive:
    """A file that holds files; `missing` is what did not get in, and why."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self.sink = Sink()
        self.zip = zipfile.ZipFile(self.sink, "w", zipfile.ZIP_DEFLATED, allowZip64=True)
        self.until = time.monotonic() + MOST_SECONDS
        self.bytes = 0
        self.missing: list[str] = []

    @property
    def full(self) -> bool:
        """Whether nothing more may go in."""
        return self.bytes > MOST_BYTES or time.monotonic() > self.until

    async def put(self, name: str, body: bytes) -> AsyncIterator[bytes]:
        """Put a file in, and give what can be sent, piece by piece."""
        self.bytes += len(body)
        with self.zip.open(name, "w", force_zip64=True) as entry:
            for place in range(0, len(body), PIECE):
                entry.write(body[place : place + PIECE])
                yield self.sink.taken()
                await asyncio.sleep(0)

    async def ask(self, name: str, target: str) -> Answer | None:
        """Ask v1, after a while once more where too much was asked; None, and noted, where it does not tell."""
        if self.full:
            self.missing.append(f"{name}: the export is as large, or took as long, as one may")
            return None
        answer = await self.visit.ask(target)
        if answer.status == TOO_MANY:
            await asyncio.sleep(min(int(answer.headers.get("retry-after", "1")), LONGEST_WAIT))
            answer = await self.visit.ask(target)
        if answer.good:
            return answer
        told = answer.json or {}
        self.missing.append(f"{name}: {told.get('title', answer.status)}")
        return None


async def written(visit: Visit) -> AsyncIterator[bytes]:
    """Write the file, piece by piece."""
    archive, who = Archive(visit), visit.person
    async for piece in archive.put("person.json", await personal(visit)):
        yield piece
    for login in who.logins:
        async for piece in of_account(archive, f"accounts/{login}", f"/v1/accounts/{login}"):
            yield piece
    for login in who.partners:
        async for piece in of_partner(archive, f"partners/{login}", f"/v1/partners/{login}"):
            yield piece
    async for piece in archive.put("README.txt", readme(archive).encode()):
        yield piece
    archive.zip.close()
    yield archive.sink.taken()


async def of_account(archive: Archive, folder: str, base: str) -> AsyncIterator[bytes]:
    """Put an account in."""
    async for piece in whole(archive, f"{folder}/account.json", base):
        yield piece
    for each in WHOLE:
        async for piece in whole(archive, f"{folder}/{plain(each)}.json", f"{base}/{each}"):
            yield piece
    before = archive.bytes
    for each in LISTS:
        async for piece in listed(archive, f"{folder}/{plain(each)}.json", f"{base}/{each}"):
            yield piece
    if archive.bytes - before < MOST_STATED:
        async for piece in whole(archive, f"{folder}/statement.csv", f"{base}/statement.csv"):
            yield piece
    else:
        archive.missing.append(f"{folder}/statement.csv: it is too long; download it by itself")


async def of_partner(archive: Archive, folder: str, base: str) -> AsyncIterator[bytes]:
    """Put what a partner has in."""
    async for piece in whole(archive, f"{folder}/partner.json", base):
        yield piece
    for each in OF_PARTNERS:
        async for piece in whole(archive, f"{folder}/{plain(each)}.json", f"{base}/{each}"):
            yield piece
    for each in LISTS_OF_PARTNERS:
        async for piece in listed(archive, f"{folder}/{plain(each)}.json", f"{base}/{each}"):
            yield piece


async def whole(archive: Archive, name: str, target: str) -> AsyncIterator[bytes]:
    """Put an answer in, as it is."""
    if answer := await archive.ask(name, target):
        async for piece in archive.put(name, answer.body):
            yield piece


async def listed(archive: Archive, name: str, target: str) -> AsyncIterator[bytes]:
    """Put every row of a list in, page by page, as one list of JSON."""
    first = f"{target}?limit={PAGE}"
    answer = await archive.ask(name, first)
    if answer is None:
        return
    with archive.zip.open(name, "w", force_zip64=True) as entry:
        between = b"["
        while answer is not None:
            told = answer.json
            for row in told["data"]:
                archive.bytes += entry.write(between + b"\n" + msgspec.json.encode(row))
                between = b","
            yield archive.sink.taken()
            cursor = (told.get("page") or {}).get("next_cursor")
            answer = await archive.ask(name, f"{first}&cursor={cursor}") if cursor else None
        entry.write(b"[]" if between == b"[" else b"\n]")


async def personal(visit: Visit) -> bytes:
    """Return what is kept of the person."""
    who = visit.person
    async with lending.borrowed(visit.request) as conn:
        places = await people.places(conn, who.session.person, who.session.id)
        ways, keys = await factors.ways(conn, who.session.person), await factors.passkeys(conn, who.session.person)
        asked = await leaving.deletion(conn, who.session.person)
    told = {
        "email": who.email,
        "name": who.name,
        "language": who.language,
        "theme": who.theme,
        "accounts": list(who.logins),
        "partners": list(who.partners),
        "roles": list(who.roles),
        "authenticator_app": ways.app,
        "recovery_codes_left": ways.codes,
        "passkeys": [{"name": each.name, "created_at": each.created_at, "used_at": each.used_at} for each in keys],
        "sessions": [{**msgspec.structs.asdict(each), "address": str(each.address or "")} for each in places],
        "deletion_asked_at": asked and asked.asked_at,
    }
    return msgspec.json.format(msgspec.json.encode(told))


def readme(archive: Archive) -> str:
    """Return what the file says of itself."""
    lines = [
        f"What OpenCabinet keeps of {archive.visit.person.email}, at {archive.visit.now:%Y-%m-%d %H:%M:%S} UTC.",
        "",
        "person.json       who you are here, where you are signed in, how you prove who you are",
        "accounts/LOGIN/   each of your accounts as the v1 API tells of it, and its statement",
        "partners/LOGIN/   what you have as a partner",
        "",
        "Passwords and secrets are kept as hashes or sealed, and are not in here.",
    ]
    if archive.missing:
        lines += ["", "Not in here:", *archive.missing]
    return "\r\n".join([*lines, ""])


def plain(path: str) -> str:
    """Return the name of a file with what a path of v1 tells."""
    return path.replace("/", "-")
