"""What a follower remembers between two looks, and what one look has found."""

from datetime import datetime
from typing import Any

from msgspec import Struct, field

from opencabinet.ingest.feeds.model import Family
from opencabinet.market import Instrument, Quote

Print = tuple[int, int]
"""Fingerprints of a line: of what is steady in it, and of all."""
UNKNOWN: Print = (0, 0)


class Memory(Struct, kw_only=True):
    """Fingerprints of what was brought in, so that what has not changed costs nothing. Without it all is brought again.

    `seen` are rows within the overlap, by table and key, with their stamp. `standing` are the rows of tables that are
    read whole, and `owners` the numbers of open positions. `missing` says since when a row is missed. `closed` says
    when a deal that closes was seen, by its position, and by its account's number below zero. `behind` are the hours by
    which prices were old.
    """

    seen: dict[str, dict[int, Print]] = field(default_factory=dict)
    standing: dict[str, dict[int, Print]] = field(default_factory=dict)
    accounts: dict[int, Print] = field(default_factory=dict)
    lines: dict[str, frozenset[str]] = field(default_factory=dict)
    missing: dict[tuple[str, int], int] = field(default_factory=dict)
    closed: dict[int, int] = field(default_factory=dict)
    owners: dict[int, int] = field(default_factory=dict)
    doubted: set[tuple[str, int]] = field(default_factory=set)
    behind: int = 0
    floated: int = 0
    """When what moves with prices was last brought in whole, in nanoseconds of the monotonic clock."""


class Look(Struct, kw_only=True):
    """What one look has found and what is to be remembered once it is kept."""

    cursor: dict[str, Any]
    lines: dict[str, dict[int, str]] = field(default_factory=dict)
    accounts: dict[int, str] = field(default_factory=dict)
    arrived: set[int] = field(default_factory=set)
    groups: list[str] | None = None
    gone: dict[Family, set[int]] = field(default_factory=dict)
    quotes: list[Quote] = field(default_factory=list)
    instruments: list[Instrument] = field(default_factory=list)
    buckets: list[tuple[str, int, int, int]] = field(default_factory=list)
    forget_buckets: bool = False
    as_of: datetime | None = None
    bulk: bool = False
    first: bool = False
    more: bool = False

    def rows(self, into: str) -> dict[int, str]:
        """Return the rows found for a table, by their key: what is found later replaces what was found before."""
        return self.lines.setdefault(into, {})

    def count(self) -> int:
        """How many rows were found."""
        return sum(map(len, self.lines.values())) + len(self.accounts)

    def vanish(self, family: Family, key: int) -> None:
        """Keep that a row is no more."""
        self.gone.setdefault(family, set()).add(key)
