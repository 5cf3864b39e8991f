"""Pages of lists: rows are ordered by a moment and a number, and a page begins after the last row of the one before.

New rows then neither shift nor repeat what was read, and rows of one moment are told apart.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final, Generic, Self, TypeVar

from msgspec import Struct

from opencabinet.kernel.period import EVER

T = TypeVar("T")
SMALLEST: Final = -(2**63)
"""Below every number the database keeps."""


class Key(Struct, frozen=True, order=True):
    """A row's place in its list."""

    at: datetime
    id: int


NEWEST: Final = Key(EVER.until, SMALLEST)
"""The place after every row: a list that is read newest first begins below it."""


class Page(Struct, Generic[T], frozen=True):
    """Some rows of a list, newest first; `next` is the key to go on below, None at the end."""

    rows: Sequence[T]
    next: Key | None

    @classmethod
    def of(cls, found: Sequence[T], limit: int, key: Callable[[T], Key]) -> Self:
        """Return a page of at most `limit` rows of what was found by asking for one more."""
        rows = found[:limit]
        return cls(rows, key(rows[-1]) if len(found) > limit else None)
