"""Callers that were seen before: who is behind a connection need not be worked out for each request."""

from collections.abc import Mapping
from typing import Any, Final

from litestar.types import HTTPScope
from msgspec import Struct

from opencabinet import access
from opencabinet.access import Address, Network
from opencabinet.edge.client import Trust, resolve

MOST: Final = 10_000
LONGEST: Final = 256
"""Longer headers are read anew each time, so that what is remembered stays small."""


class Caller(Struct, frozen=True):
    """Who calls: the address, the network it is counted by, and the one that the history knows it by."""

    address: Address | None
    network: str
    neighbours: Network | None


class Known:
    """The callers that were seen last."""

    def __init__(self, trust: Trust) -> None:
        self.trust = trust
        self._header = trust.header.encode()
        self._known: dict[Any, Caller] = {}

    def caller(self, scope: HTTPScope, headers: Mapping[bytes, bytes]) -> Caller:
        """Return who sent a request with these headers, none of them twice."""
        client = scope["client"]
        host = client[0] if client else None
        key = (host, headers.get(self._header)) if self.trust.proxies else host
        found = self._known.get(key)
        return self._meet(key, host, headers) if found is None else found

    def _meet(self, key: Any, host: str | None, headers: Mapping[bytes, bytes]) -> Caller:
        seen = resolve(host, headers.items(), self.trust)
        found = Caller(seen.address, str(seen.network), access.neighbours(seen.address))
        if len(headers.get(self._header, b"")) <= LONGEST:
            if len(self._known) >= MOST:
                self._known.clear()
            self._known[key] = found
        return found
