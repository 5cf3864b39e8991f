"""Which position each closing deal belongs to: a report prints both, but no number that joins them.

The row of a position is the sum of its closings: their volume, profit and swap, the last time, the price weighted by
volume. What adds up belongs together; a close-by names both its positions besides.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Final

from opencabinet.ingest.model import Side
from opencabinet.ingest.mt5.exits import Exit
from opencabinet.ingest.mt5.records import Position
from opencabinet.ingest.mt5.sums import Incomplete, adds_up, by_sum

CLOSE_BY: Final = re.compile(r"#([0-9]{1,19}) by #([0-9]{1,19})", re.ASCII)


def pair(positions: Sequence[Position], sides: Mapping[int, Side], closings: Sequence[Exit]) -> dict[int, int]:
    """Return the position of each closing deal, by the deal's number; a deal that fits none is left out.

    `sides` has every position, open ones too.
    """
    found = by_name(sides, closings)
    found |= by_row(without(positions, found), unpaired(closings, found))
    parts: dict[int, list[Exit]] = defaultdict(list)
    for closing in closings:
        if closing.deal.deal in found:
            parts[found[closing.deal.deal]].append(closing)
    unfinished = [Incomplete(it, parts[it.position]) for it in positions if not adds_up(it, parts[it.position])]
    return found | by_sum(unfinished, unpaired(closings, found))


def without(positions: Iterable[Position], found: Mapping[int, int]) -> list[Position]:
    """Return the positions that have no closing yet."""
    numbers = frozenset(found.values())
    return [position for position in positions if position.position not in numbers]


def unpaired(closings: Iterable[Exit], found: Mapping[int, int]) -> list[Exit]:
    """Return the closings that have no position yet."""
    return [closing for closing in closings if closing.deal.deal not in found]


def by_name(sides: Mapping[int, Side], closings: Iterable[Exit]) -> dict[int, int]:
    """Pair the deals of close-bys: their comment names two positions, of which one has the side that was closed."""
    found = {}
    for closing in closings:
        named = CLOSE_BY.search(closing.deal.comment) if closing.deal.direction == "out by" else None
        for number in map(int, named.groups() if named else ()):
            if sides.get(number) == closing.side:
                found[closing.deal.deal] = number
    return found


def by_row(positions: Iterable[Position], closings: Iterable[Exit]) -> dict[int, int]:
    """Pair the deals that closed a position in one; of equals, the one with the position's price and comment."""
    candidates: dict[object, list[Exit]] = defaultdict(list)
    for closing in closings:
        candidates[closing.deal.symbol, closing.side, closing.at, closing.lots, *closing.money].append(closing)
    found = {}
    for it in positions:
        equals = candidates[it.symbol, it.side, it.closed_at, it.lots, it.profit, it.swap]
        if equals:
            best = max(equals, key=partial(likeness, it))
            equals.remove(best)
            found[best.deal.deal] = it.position
    return found


def likeness(position: Position, closing: Exit) -> tuple[bool, bool]:
    """How well a closing fits a position beyond its sums."""
    return closing.price == position.close_price, closing.deal.comment == position.comment
