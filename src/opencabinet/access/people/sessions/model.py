"""Where a person is signed in, for how long, and what was proved there."""

import hashlib
import re
import secrets
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from msgspec import Struct

from opencabinet.access.model import Address
from opencabinet.access.people.model import StepUpNeeded
from opencabinet.access.secrets import ALPHABET, TOKEN_LETTERS, checked

UNPROVED: Final = timedelta(minutes=5)
"""So long somebody who knows the password may take to show the second factor."""
STEP_UP: Final = timedelta(minutes=5)
MOST: Final = 20
"""A person is signed in at so many places; the oldest ends when another is begun."""
MOST_UNPROVED: Final = 5
"""So many sessions wait for a second factor; they end one another, and none that showed it."""
MOST_ACCOUNTS: Final = 500
"""So many accounts of a person are listed at most."""
PREFIX: Final = "ccw_"
FORM: Final = re.compile(rf"{PREFIX}[0-9A-Za-z]{{49}}")


class Level(StrEnum):
    """What was proved when the session was begun."""

    PASSWORD = "password"  # noqa: S105 - a name
    SECOND_FACTOR = "second factor"


class Session(Struct, frozen=True, kw_only=True):
    """The session that a caller showed."""

    id: int
    hash: bytes
    person: int
    level: Level
    good: bool
    """Whether all is proved that the person asks for; before, it is good for showing the second factor only."""
    has_factor: bool
    stepped_up: bool
    """Whether the person proved within the last five minutes, once more, who they are."""

    def __repr__(self) -> str:
        return f"Session(id={self.id}, person={self.person})"


class Seated(Struct, frozen=True, kw_only=True):
    """Who is signed in, with all that every page says of them: one statement tells it."""

    session: Session
    email: str
    name: str
    logins: tuple[int, ...]
    """The accounts that are theirs, at most so many as are shown."""
    partners: tuple[int, ...] = ()
    """Those of them that are a partner's."""
    roles: tuple[str, ...] = ()
    """What they are to the operator; see `operators.Role`."""
    language: str | None = None
    theme: str | None = None
    """How they want pages to look; None where they never said."""


class Begun(Struct, frozen=True, kw_only=True):
    """A new session; `token` is what the browser shows from now on."""

    token: str
    second_factor_needed: bool

    def __repr__(self) -> str:
        return "Begun(***)"


class Place(Struct, frozen=True, kw_only=True):
    """A place where a person is signed in, as they see it."""

    id: int
    level: Level
    begun_at: datetime
    seen_at: datetime
    address: Address | None
    user_agent: str
    current: bool


def needs_step_up(session: Session) -> None:
    """See that a session may do what only its person should.

    Raises:
        StepUpNeeded: if the last proof is older than five minutes, or none was given since it was begun.
    """
    if not (session.good and session.stepped_up):
        raise StepUpNeeded


def make_token() -> str:
    """Return what a browser shows: `ccw_`, 43 base-62 letters (256 bits) and 6 that check them."""
    return checked(PREFIX + "".join(secrets.choice(ALPHABET) for _ in range(TOKEN_LETTERS)))


def hash_token(token: str) -> bytes | None:
    """Return what a session is found by, or None for what none can be."""
    if not FORM.fullmatch(token) or checked(token[: len(PREFIX) + TOKEN_LETTERS]) != token:
        return None
    return hashlib.sha256(token.encode()).digest()
