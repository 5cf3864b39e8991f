"""What is said over a WebSocket: the messages that are taken, and how the server closes."""

from enum import IntEnum
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta, Struct

from opencabinet.kernel.problem import Malformed

LARGEST_MESSAGE: Final = 8 * 1024
MOST_TOPICS: Final = 100
MOST_TYPES: Final = 20
LONGEST_TOPIC: Final = 80

Topic = Annotated[str, Meta(pattern=r"^(account:[1-9][0-9]{0,18}|quotes:[^\x00-\x20\x7f]{1,64})$")]
Type = Annotated[str, Meta(pattern=r"^[a-z_]{1,40}\.([a-z_]{1,40}|\*)$")]


class Close(IntEnum):
    """Why the server closes."""

    STOPPING = 1001
    MALFORMED = 1007
    BREACH = 1008
    TOO_LARGE = 1009
    SLOW = 4000
    OLD = 4001
    LOST = 4002
    NO_CREDENTIAL = 4401
    REFUSED = 4403
    LATE = 4408
    TOO_MANY = 4429
    OVERLOADED = 4503


class Authenticate(Struct, frozen=True, tag_field="type", tag="auth", forbid_unknown_fields=True):
    """Show a token, or a ticket."""

    token: Annotated[str, Meta(max_length=256)] | None = None
    ticket: Annotated[str, Meta(max_length=64)] | None = None

    def __repr__(self) -> str:
        return "Authenticate(***)"


class Subscribe(Struct, frozen=True, tag_field="type", tag="subscribe", forbid_unknown_fields=True):
    """Listen to topics; to an account after an event that is known, and to some types of events only."""

    topics: Annotated[list[Topic], Meta(min_length=1, max_length=MOST_TOPICS)]
    since: Annotated[str, Meta(max_length=64)] | None = None
    types: Annotated[list[Type], Meta(max_length=MOST_TYPES)] = []


class Unsubscribe(Struct, frozen=True, tag_field="type", tag="unsubscribe", forbid_unknown_fields=True):
    """Listen to topics no longer."""

    topics: Annotated[list[Topic], Meta(min_length=1, max_length=MOST_TOPICS)]


class Ping(Struct, frozen=True, tag_field="type", tag="ping", forbid_unknown_fields=True):
    """Ask for a sign of life."""


Said = Authenticate | Subscribe | Unsubscribe | Ping
DECODER: Final = msgspec.json.Decoder(Said)


def understood(text: str) -> Said:
    """Return what a message says.

    Raises:
        Malformed: if it says nothing that is known.
    """
    try:
        found: Said = DECODER.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as wrong:
        raise Malformed(f"The message cannot be read: {str(wrong)[:200]}") from wrong
    return found


def written(kind: str, **members: Any) -> str:
    """Return a message."""
    return msgspec.json.encode({"type": kind, **members}).decode()
