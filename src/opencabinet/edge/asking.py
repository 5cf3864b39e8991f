"""Questions as the edge sees them: what tells one from another, without asking the application."""

import hashlib
import re
import secrets
from collections.abc import Mapping
from typing import Final

from litestar.types import HTTPScope
from msgspec import Struct

from opencabinet.edge.client import Trust
from opencabinet.edge.known import Caller, Known
from opencabinet.edge.limits import HOST, LARGEST_HEADER, MOST_HEADERS

MOST_HOSTS: Final = 1_000
V1: Final = b"/v1/"


class Asked(Struct, weakref=False):
    """A question: what its answer depends on (`key`), its headers, none of them twice, and who asks."""

    key: tuple[bytes, bytes, str, bytes | None]
    headers: Mapping[bytes, bytes]
    caller: Caller

    @property
    def own_key(self) -> tuple[object, object]:
        """What an answer depends on that is for this address only."""
        return self.key, self.caller.address

    def __repr__(self) -> str:
        return "Asked(***)"


class Reader:
    """Reads questions. Those that are strange in any way are left to the application, to be refused in its words."""

    def __init__(self, trust: Trust) -> None:
        self._known = Known(trust)
        self._hosts: set[bytes] = set()
        self._salt = secrets.token_bytes(32)

    def read(self, scope: HTTPScope) -> Asked | None:
        """Return the question of a request, or None if it must be asked of the application."""
        lines = scope["headers"]
        headers = dict(lines)
        if len(headers) != len(lines) or len(headers) > MOST_HEADERS or not self._good(headers.get(b"host", b"")):  # type: ignore[arg-type]  # a list
            return None
        if len(b"".join(headers)) + len(b"".join(headers.values())) > LARGEST_HEADER:
            return None  # one of them may be too large
        if b"transfer-encoding" in headers or headers.get(b"content-length", b"0") != b"0":
            return None  # whoever sends a body slowly keeps nobody waiting who asks the same
        key = scope["raw_path"], scope["query_string"], scope["scheme"], self._credential(headers)
        return Asked(key, headers, self._known.caller(scope, headers))

    def _good(self, host: bytes) -> bool:
        """Whether a host can be one."""
        if host in self._hosts:
            return True
        if HOST.fullmatch(host) is None:
            return False
        if len(self._hosts) >= MOST_HOSTS:
            self._hosts.clear()
        self._hosts.add(host)
        return True

    def _credential(self, headers: Mapping[bytes, bytes]) -> bytes | None:
        """Return what tells apart what was shown, and on whose pages; None if nothing was shown."""
        bearer, passkey = headers.get(b"authorization"), headers.get(b"passkey")
        if bearer is None and passkey is None:
            return None
        shown = b"%b\n%b\n%b" % (bearer or b"", passkey or b"", headers.get(b"origin", b""))
        return hashlib.blake2b(shown, digest_size=16, key=self._salt).digest()


def pattern(templates: list[str]) -> re.Pattern[bytes]:
    """Return what finds the paths that templates (`/accounts/{login:str}`) spell, in any letter case."""
    spelled = (re.sub(r"\\{\w+:str\\}", "[^/]+", re.escape(each)) for each in templates)
    return re.compile(rf"(?:{'|'.join(spelled)})/*".encode(), re.IGNORECASE)
