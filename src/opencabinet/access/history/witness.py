"""The witness: a file beside the database, to which every seal's hash is appended. It shows a tail that was cut."""

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from msgspec import Struct

from opencabinet.access.history.seals import Seal

LINE: Final = re.compile(rb"([0-9]{1,18}) ([0-9a-f]{64}) [0-9T:.+-]{19,40}")
TAIL: Final = 4096


class Line(Struct, frozen=True):
    """What the witness says of a seal."""

    number: int
    hash: bytes


def append(path: Path, seals: Iterable[Seal]) -> None:
    """Append seals, and return when they are on the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = not path.exists()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "ab") as file:
        said = b"".join(b"%d %s %s\n" % (each.number, each.hash.hex().encode(), stamp(each)) for each in seals)
        # A line that was cut by a crash is ended first.
        file.write((b"\n" if torn(path) else b"") + said)
        file.flush()
        os.fsync(file.fileno())
    if new:
        folder = os.open(path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)


def stamp(seal: Seal) -> bytes:
    """Return when a seal was made, for whoever reads the file."""
    return seal.at.isoformat().encode()


def tail(path: Path) -> bytes:
    """Return the end of the file; nothing where there is none."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - TAIL))
            return file.read()
    except FileNotFoundError:
        return b""


def torn(path: Path) -> bool:
    """Whether the file does not end with a whole line."""
    end = tail(path)
    return bool(end) and not end.endswith(b"\n")


def newest(path: Path) -> Line | None:
    """Return the last seal that the witness knows."""
    lines = [line for line in map(read, tail(path).splitlines()) if line]
    return lines[-1] if lines else None


def lines(path: Path) -> Iterator[Line]:
    """Give all that the witness says."""
    try:
        with path.open("rb") as file:
            yield from (line for line in map(read, file) if line)
    except FileNotFoundError:
        return


def read(line: bytes) -> Line | None:
    """Read a line, or return None for what is none."""
    found = LINE.fullmatch(line.strip())
    return Line(int(found[1]), bytes.fromhex(found[2].decode())) if found else None


def same_volume(path: Path, home: Path) -> bool:
    """Whether the witness would be lost together with the home."""
    return device(path.parent) == device(home)


def device(folder: Path) -> int:
    """Return the volume of a folder that may not be there yet."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder.stat().st_dev
