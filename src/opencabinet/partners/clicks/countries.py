"""Countries of addresses, by a MaxMind database that the operator has; without one no country is known."""

import asyncio
import ipaddress
import os
from collections import OrderedDict
from pathlib import Path
from typing import Any, Final, Self

import maxminddb
import structlog

from opencabinet.kernel.beside import Beside

LOOK_SECONDS: Final = 30.0
LARGEST: Final = 512 * 2**20
KEPT: Final = 16_384
COUNTRY: Final = 2
"""Letters of a country's code."""
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
State = tuple[int, int, int] | None
log = structlog.get_logger(__name__)


class Countries(Beside):
    """Tells the country of an address. The file is read whole, and again when another takes its place.

    It is not mapped into memory: an operator who writes over it would end every process that looks into it.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._reader: maxminddb.Reader | None = None
        self._state: State = None
        self._wrong = ""
        self._known: OrderedDict[Address, str] = OrderedDict()

    async def __aenter__(self) -> Self:
        if self._path is not None:
            await self.look()
            await super().__aenter__()
        return self

    def of(self, address: Address) -> str:
        """Return the country of an address as two letters, nothing if it is not known."""
        if self._reader is None:
            return ""
        found = self._known.get(address)
        if found is None:
            found = self._known[address] = country(self._reader, address)
            if len(self._known) > KEPT:
                self._known.popitem(last=False)
        return found

    async def look(self) -> None:
        """Read the file if it is another than the one that was read; one that cannot be read changes nothing."""
        if self._path is None:
            return
        try:
            state = state_of(self._path)
            if state == self._state:
                return
            self._state = state
            self._reader = await asyncio.to_thread(opened, self._path)
        except Exception as wrong:  # noqa: BLE001 - its reader raises anything at what is no such file
            if str(wrong) != self._wrong:  # once, however long it lasts
                log.warning("the file of countries cannot be read", file=str(self._path), reason=str(wrong))
            self._wrong = str(wrong)
        else:
            self._wrong = ""
            self._known.clear()

    async def _live(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            await self.look()


def state_of(path: Path) -> State:
    """Return what tells one file from another that takes its place."""
    found = path.stat()
    return found.st_ino, found.st_size, found.st_mtime_ns


def opened(path: Path) -> maxminddb.Reader:
    """Read a file.

    Raises:
        ValueError: if it is larger than any such file.
        OSError, InvalidDatabaseError: if it cannot be read, or is none.
    """
    if os.stat(path).st_size > LARGEST:  # noqa: PTH116
        raise ValueError("it is too large")
    return maxminddb.open_database(path, maxminddb.MODE_MEMORY)


def country(reader: maxminddb.Reader, address: Address) -> str:
    """Return the country of an address, nothing if the file does not tell."""
    try:
        found: Any = reader.get(address)
    except Exception:  # noqa: BLE001 - the file tells of IPv4 alone, or is damaged in that place: no click waits for it
        return ""
    for name in ("country", "registered_country"):
        told = found.get(name) if isinstance(found, dict) else None
        code = told.get("iso_code") if isinstance(told, dict) else None
        if isinstance(code, str) and len(code) == COUNTRY and code.isascii() and code.isalpha():
            return code.upper()
    return ""
