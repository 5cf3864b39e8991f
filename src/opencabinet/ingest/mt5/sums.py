"""Positions that several deals closed: which deals add up to the row of each."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import combinations
from operator import attrgetter
from typing import Final

from msgspec import Struct

from opencabinet.ingest.model import Side
from opencabinet.ingest.mt5.exits import Exit
from opencabinet.ingest.mt5.records import Position

MOST_CANDIDATES: Final = 40
MOST_PARTS: Final = 10
MOST_TRIES: Final = 300_000
"""How many choices of deals are tried for one report: a few seconds."""


class Incomplete(Struct, frozen=True):
    """A position, and the closings that are surely its own but do not add up to it."""

    position: Position
    sure: Sequence[Exit]

    def missing(self, parts: Iterable[Exit]) -> tuple[Decimal, Decimal, Decimal]:
        """What volume, profit and swap are still missing beside the sure closings and `parts`."""
        lots, profit, swap = self.position.lots, self.position.profit, self.position.swap
        for part in (*self.sure, *parts):
            lots, profit, swap = lots - part.lots, profit - part.deal.profit, swap - part.deal.swap
        return lots, profit, swap

    def within(self, queue: Sequence[Exit]) -> list[Exit]:
        """The closings of `queue` that may be parts: no larger, and between the opening and the close."""
        since = bisect_left(queue, self.position.opened_at, key=attrgetter("at"))
        until = bisect_right(queue, self.position.closed_at, key=attrgetter("at"))
        return [one for one in queue[since:until] if one.lots <= self.position.lots]

    def likely(self, queue: Sequence[Exit]) -> list[Exit]:
        """Of those the ones with the position's comment first, then the ones nearest to its close."""
        comment, ended = self.position.comment, self.position.closed_at
        parts = sorted(self.within(queue), key=lambda one: (one.deal.comment != comment, ended - one.at))
        return parts[:MOST_CANDIDATES]

    def completed(self, parts: Sequence[Exit]) -> bool:
        """Whether the sure closings and `parts` add up."""
        return adds_up(self.position, [*self.sure, *parts])


def by_sum(positions: Sequence[Incomplete], closings: Iterable[Exit]) -> dict[int, int]:
    """Return the position of each deal that completes one, by the deal's number.

    All deals of a position's time are tried first, as on a netting account; then few before many, and for every
    position, so that what is plain narrows the choice for the others.
    """
    queues: dict[tuple[str, Side], list[Exit]] = defaultdict(list)
    for closing in sorted(closings, key=attrgetter("at")):
        queues[closing.deal.symbol, closing.side].append(closing)
    tries = iter(range(MOST_TRIES))
    found: dict[int, int] = {}
    for size in range(MOST_PARTS):
        left = []
        for it in positions:
            queue = queues[it.position.symbol, it.position.side]
            parts = next(filter(it.completed, choices(it, queue, size, tries)), None)
            for part in parts or ():
                queue.remove(part)
                found[part.deal.deal] = it.position.position
            if not parts:
                left.append(it)
        positions = left
    return found


def choices(it: Incomplete, queue: Sequence[Exit], size: int, tries: Iterator[int]) -> Iterator[Sequence[Exit]]:
    """Give the ways in which `size` deals may be parts of a position; of no deals, all deals of its time.

    The last part is not tried but looked up, by what the others leave.
    """
    if not size:
        yield it.within(queue)
        return
    likely = it.likely(queue)
    lasts: dict[object, list[Exit]] = defaultdict(list)
    for one in likely:
        lasts[one.lots, one.deal.profit, one.deal.swap].append(one)
    for _, others in zip(tries, combinations(likely, size - 1), strict=False):
        for last in lasts.get(it.missing(others), ()):
            if last not in others:
                yield (*others, last)


def adds_up(position: Position, parts: Sequence[Exit]) -> bool:
    """Say whether a position is the sum of these closings."""
    if not parts or sum(part.lots for part in parts) != position.lots:
        return False
    if max(part.at for part in parts) != position.closed_at:
        return False
    profits, swaps = zip(*(part.money for part in parts), strict=True)
    paid = sum((part.price * part.lots for part in parts), Decimal(0))
    # The row's price is rounded to the symbol's digits: as many as the longest price has.
    digits = min(int(price.as_tuple().exponent) for price in (position.close_price, *(part.price for part in parts)))
    return (sum(profits), sum(swaps)) == (position.profit, position.swap) and abs(
        paid - position.close_price * position.lots
    ) <= position.lots.scaleb(digits)
