"""Looking at an answer as a stranger would be given it: the same application is asked, under the policy proposed."""

from ipaddress import IPv4Address, IPv6Address
from typing import Any, Final, cast
from urllib.parse import urlsplit

from litestar.connection import ASGIConnection
from litestar.types import ASGIApp, HTTPScope, Message
from msgspec import Struct

from opencabinet.access import Address
from opencabinet.doors.gate import PROPOSED, Proposed
from opencabinet.kernel.problem import Malformed, Overloaded

LARGEST: Final = 1024 * 1024
NOBODY: Final = (b"host", b"localhost")


class Looked(Struct, frozen=True):
    """An answer: its status, its headers, and its bytes."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


class Answered:
    """Takes an answer in."""

    def __init__(self) -> None:
        self.status = 500
        self.headers: list[tuple[str, str]] = []
        self.body = b""

    async def __call__(self, message: Message) -> None:
        """Take a part of the answer in.

        Raises:
            Overloaded: if it is longer than can be shown.
        """
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in message["headers"]]
        elif message["type"] == "http.response.body":
            self.body += message["body"]
            if len(self.body) > LARGEST:
                raise Overloaded("The answer is too long to be shown.")


async def look(
    connection: ASGIConnection[Any, Any, Any, Any], target: str, proposed: Proposed, address: Address | None
) -> Looked:
    """Return what whoever asks for `target` from `address` without any credential is answered under a policy."""
    whole: ASGIApp = connection.app.state.whole
    answered = Answered()
    await whole(stranger(connection, target, proposed, address), nothing_more, answered)
    return Looked(answered.status, answered.headers, answered.body)


def stranger(
    connection: ASGIConnection[Any, Any, Any, Any],
    target: str,
    proposed: Proposed,
    address: IPv4Address | IPv6Address | None,
) -> HTTPScope:
    """Return the scope of a stranger's request.

    Raises:
        Malformed: if `target` is no path with a query.
    """
    parts = urlsplit(target)
    if parts.scheme or parts.netloc or parts.fragment or not parts.path.startswith("/") or not target.isascii():
        raise Malformed("Give a path of this server, with a query if you like.")
    own = connection.scope
    scope = {
        **{name: own[name] for name in ("type", "asgi", "http_version", "scheme", "server", "root_path")},
        "method": "GET",
        "path": parts.path,
        "raw_path": parts.path.encode(),
        "query_string": parts.query.encode(),
        "headers": [NOBODY],
        "client": None if address is None else (str(address), 0),
        "extensions": {},
        "state": {},
        PROPOSED: proposed,
    }
    return cast("HTTPScope", scope)


async def nothing_more() -> Any:
    """Say that a request has no body."""
    return {"type": "http.request", "body": b"", "more_body": False}
