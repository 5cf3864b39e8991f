"""The nouns of the push feed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from msgspec import Struct

from opencabinet.ingest.feeds.model import Applied, Told
from opencabinet.kernel.problem import Conflict


class SequenceGap(Conflict):
    """A batch is missing before this one: nothing of it was taken."""

    def __init__(self, expected: int) -> None:
        super().__init__(f"The next batch is {expected}: nothing of this one was taken.")
        self.expected = expected


class Delivery(Struct, frozen=True, kw_only=True):
    """Rows that count together or not at all, as number `sequence` of their server's source."""

    sequence: int
    rows: Sequence[Told]
    as_of: datetime | None = None
    whole: frozenset[Literal["open", "working"]] = frozenset()
    bulk: bool = False


class Receipt(Struct, frozen=True, kw_only=True):
    """What became of a delivery; nothing, if it is one that was taken before."""

    server: str
    sequence: int
    applied: Applied
    as_of: datetime | None
    replayed: bool = False


class Place(Struct, frozen=True, kw_only=True):
    """How far a feed has come: the number of the last batch, None before the first."""

    server: str
    kind: str
    sequence: int | None
    as_of: datetime | None
