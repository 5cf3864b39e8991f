"""Cursors: a key of a list, sealed. They are opaque, and good for the list and the question they were made for."""

import hmac
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from typing import Final

from msgspec import Struct

from opencabinet.doors.v1.problems import Invalid
from opencabinet.kernel.page import Key

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
LAYOUT: Final = struct.Struct(">qq")
SEAL: Final = 16
LONGEST: Final = 64


class Sealer(Struct, frozen=True):
    """Seals keys for the lists of one question."""

    secret: bytes

    def __repr__(self) -> str:
        return "Sealer(***)"

    def seal(self, key: Key, question: str) -> str:
        """Return the cursor of a key."""
        packed = LAYOUT.pack((key.at - EPOCH) // timedelta(microseconds=1), key.id)
        return spelled(packed + self.mark(packed, question))

    def open(self, cursor: str, question: str) -> Key:
        """Return the key of a cursor.

        Raises:
            Invalid: if it was not made here, or for another question.
        """
        opened = unspelled(cursor)
        packed, mark = opened[: LAYOUT.size], opened[LAYOUT.size :]
        if len(packed) != LAYOUT.size or not hmac.compare_digest(mark, self.mark(packed, question)):
            raise Invalid("cursor", "The cursor is not one of this list with these parameters.")
        micros, number = LAYOUT.unpack(packed)
        return Key(EPOCH + timedelta(microseconds=micros), number)

    def mark(self, packed: bytes, question: str) -> bytes:
        """Return what tells a cursor of ours from any other."""
        return hmac.digest(self.secret, packed + question.encode(), "sha256")[:SEAL]


def spelled(given: bytes) -> str:
    """Write bytes with letters that need no escape in an address."""
    return urlsafe_b64encode(given).rstrip(b"=").decode()


def unspelled(cursor: str) -> bytes:
    """Return the bytes that were written so, or none for any other spelling; Python's own reading passes over some."""
    try:
        found = urlsafe_b64decode(cursor[:LONGEST] + "=" * (-len(cursor[:LONGEST]) % 4))
    except ValueError:
        return b""
    return found if spelled(found) == cursor else b""
