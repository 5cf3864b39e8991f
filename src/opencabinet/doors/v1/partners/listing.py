"""Lists of partners that move no balance: rows, where the next page begins, and how many there are."""

from typing import Any, Final, Generic, TypeVar

from msgspec import Struct

from opencabinet.doors.v1.listing import PageInfo
from opencabinet.doors.v1.operation import Call
from opencabinet.kernel.ids import LARGEST
from opencabinet.kernel.page import NEWEST, Key
from opencabinet.kernel.period import EVER

T = TypeVar("T")
BEGINNING: Final = 0


class Paged(Struct, Generic[T], frozen=True, kw_only=True):
    """A page of a list."""

    data: list[T]
    page: PageInfo


class Counted(Struct, Generic[T], frozen=True, kw_only=True):
    """A page of a list, and how many rows there are on all pages together."""

    data: list[T]
    page: PageInfo
    total: int


def after(call: Call) -> int:
    """Return the number that a page begins after, in a list whose oldest come first."""
    return BEGINNING if call.below == NEWEST else call.below.id


def below(call: Call) -> int:
    """Return the number that a page begins below, in a list whose newest come first."""
    return LARGEST if call.below == NEWEST else call.below.id


def info(call: Call, found: list[Any], last: int | None) -> PageInfo:
    """Return where a page stands for which one row more than asked for was looked for; `last` is its last number."""
    limit = call.query["limit"]
    more = len(found) > limit and last is not None
    return PageInfo(call.seal(Key(EVER.since, last)) if more and last is not None else None, more, limit)
