"""Telling the application who calls: the layer that resolves the client, and takes away what others claim of it."""

from functools import lru_cache
from typing import Final

import structlog
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from opencabinet.doors.seen import SEEN, Seen
from opencabinet.edge.client import Trust, resolve

CLAIMS: Final = frozenset(
    {
        b"cf-connecting-ip",
        b"cf-connecting-ipv6",
        b"client-ip",
        b"fastly-client-ip",
        b"forwarded",
        b"forwarded-for",
        b"true-client-ip",
        b"x-appengine-user-ip",
        b"x-azure-clientip",
        b"x-azure-socketip",
        b"x-client-ip",
        b"x-cluster-client-ip",
        b"x-envoy-external-address",
        b"x-original-forwarded-for",
        b"x-originating-ip",
        b"x-real-ip",
        b"x-remote-addr",
        b"x-remote-ip",
    }
)
FAMILY: Final = b"x-forwarded"
"""What the names of the others begin with."""
LONGEST_CLAIM: Final = 32
"""No name that is looked for is as long."""
REMEMBERED: Final = 4096
SHORT: Final = 256
"""So many callers are remembered who come again and again, if what is told of them is as short as it usually is."""
log = structlog.get_logger(__name__)


class Callers:
    """An ASGI application that tells another who calls, and leaves it no header that could say otherwise."""

    def __init__(self, trust: Trust, inner: ASGIApp) -> None:
        self.trust = trust
        self.inner = inner
        self.warned: set[str] = set()
        self.written = trust.header.encode()
        self.again = lru_cache(REMEMBERED)(self.seen)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, with what was seen of its caller."""
        if scope["type"] in {ScopeType.HTTP, ScopeType.WEBSOCKET}:
            headers = list(scope["headers"])
            client = scope.get("client")
            told = tuple(value for name, value in headers if name == self.written)
            known = self.again if sum(map(len, told)) <= SHORT else self.seen
            scope[SEEN] = seen = known(client[0] if client else None, told)  # type: ignore[typeddict-unknown-key]  # a scope may be extended
            scope["headers"] = kept = [line for line in headers if not claims(line[0][:LONGEST_CLAIM])]
            self.doubt(seen, claimed=len(kept) < len(headers))
        await self.inner(scope, receive, send)

    def seen(self, peer: str | None, told: tuple[bytes, ...]) -> Seen:
        """Return who is behind a socket's peer, by what the header says that trusted proxies write."""
        return resolve(peer, [(self.written, line) for line in told], self.trust)

    def doubt(self, seen: Seen, *, claimed: bool) -> None:
        """Tell the operator, once of each, that headers are not believed, and that a trusted proxy's say nothing."""
        setting = "OPENCABINET_TRUSTED_PROXIES"
        if seen.derived_from == self.trust.header:
            event, setting = "a trusted proxy does not tell the client", "OPENCABINET_FORWARDED_HEADER"
            told = seen.address is None
        else:
            event, told = "forwarding headers are not believed", claimed
        if told and event not in self.warned:
            self.warned.add(event)
            log.warning(event, peer=seen.hops[-1] if seen.hops else None, setting=setting, why=seen.why)


@lru_cache(REMEMBERED)
def claims(name: bytes) -> bool:
    """Whether a header whose name begins so claims an address, or what a proxy was asked; `_` is read as a dash."""
    plain = name.replace(b"_", b"-")
    return plain in CLAIMS or plain.startswith(FAMILY)
