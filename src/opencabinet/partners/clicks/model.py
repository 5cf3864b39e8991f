"""Clicks: what is known of one when it comes, what is kept of it."""

import base64
import re
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from msgspec import Struct

from opencabinet.kernel.ids import Login
from opencabinet.kernel.problem import Overloaded

Mark = Literal["", "bot", "head", "prefetch", "flood"]
"""Why a click does not count: a program, whoever looks before they go, or too many of one network."""
MOST_SUBS: Final = 5
PREFIX: Final = "clk_"
TOKEN_BYTES: Final = 16
SPELLED: Final = re.compile(PREFIX + r"[A-Za-z0-9_-]{22}", re.ASCII)


class TooManyClicks(Overloaded):
    """More clicks come than can be kept."""


class Told(Struct, frozen=True, kw_only=True):
    """What the address that is clicked tells beside the code: all of it is anybody's to write."""

    keyword: str = ""
    subs: tuple[str, ...] = ()
    banner: int | None = None
    landing: str = ""
    destination: str = ""


class Arrived(Struct, frozen=True, kw_only=True):
    """A click as it comes, before it is known whose it is."""

    code: str
    told: Told
    token: bytes
    visitor: int
    network: str = ""
    country: str = ""
    mark: Mark = ""


class Led(Struct, frozen=True):
    """Where a click leads; `place` is which of those it was that were kept together, from 1 on."""

    place: int
    url: str
    carries: bool


class Click(Struct, frozen=True, kw_only=True):
    """A click as it was kept."""

    login: Login
    at: datetime
    id: int
    token: UUID
    link: int | None
    banner: int | None
    landing: str | None
    destination: str
    keyword: str
    subs: list[str] | None
    country: str
    mark: Mark

    @property
    def name(self) -> str:
        """The token as it is told outside."""
        return spelled(self.token.bytes)


def spelled(token: bytes) -> str:
    """Return a token as it is told outside."""
    return PREFIX + base64.urlsafe_b64encode(token).rstrip(b"=").decode()


def read_token(text: str) -> UUID | None:
    """Return the token that is spelled so, None if it is none."""
    if not SPELLED.fullmatch(text):
        return None
    return UUID(bytes=base64.urlsafe_b64decode(text.removeprefix(PREFIX) + "=="))
