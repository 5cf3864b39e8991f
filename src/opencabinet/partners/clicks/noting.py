"""Noting a click as it comes: who it may be, from where, and whether it counts, as far as that can be told at once."""

import hashlib
import secrets
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

from msgspec import Struct

from opencabinet.access import Address, Network
from opencabinet.partners.clicks.bots import LONGEST, is_bot
from opencabinet.partners.clicks.countries import Countries
from opencabinet.partners.clicks.model import TOKEN_BYTES, Arrived, Mark, Told

REMEMBERED: Final = 4096
VISITOR_BYTES: Final = 8


class Caller(Struct, frozen=True, kw_only=True, gc=False):
    """Who clicks, as far as that is seen. The address is None where it is not known."""

    address: Address | None
    network: Network
    agent: str
    head: bool = False
    prefetch: bool = False

    @property
    def mark(self) -> Mark:
        """Why the click does not count."""
        if is_bot(self.agent[:LONGEST]):
            return "bot"
        return "head" if self.head else "prefetch" if self.prefetch else ""


class Noting:
    """Notes clicks; `key` is what visitors are told apart by, so that nobody finds an address by trying all."""

    def __init__(self, key: bytes, countries: Countries) -> None:
        self._key = key
        self.countries = countries

    def __repr__(self) -> str:
        return "Noting(***)"

    def note(self, code: str, told: Told, caller: Caller, now: datetime | None = None) -> Arrived:
        """Return a click with a token of its own."""
        network = "" if caller.address is None else written(caller.network)
        return Arrived(
            code=code,
            told=told,
            token=secrets.token_bytes(TOKEN_BYTES),
            visitor=self.visitor(caller, now or datetime.now(UTC)),
            network=network,
            country="" if caller.address is None else self.countries.of(caller.address),
            mark=caller.mark,
        )

    def visitor(self, caller: Caller, now: datetime) -> int:
        """Return what a visitor is told from others by for a day, and known by on no other."""
        said = f"{now.date().toordinal()}\n{caller.address or caller.network}\n{caller.agent[:LONGEST]}"
        found = hashlib.blake2b(said.encode("utf-8", "replace"), digest_size=VISITOR_BYTES, key=self._key).digest()
        return int.from_bytes(found, signed=True)


@lru_cache(REMEMBERED)
def written(network: Network) -> str:
    """Write a network."""
    return str(network)
