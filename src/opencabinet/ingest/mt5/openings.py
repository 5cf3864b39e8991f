"""Closings paired with openings where no table tells: first in, first out, unless the profit knows better."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from operator import attrgetter
from typing import Final

from msgspec import Struct

from opencabinet.ingest.model import SIDES, Deal, Side
from opencabinet.ingest.mt5.exits import SIGNS, Exit

MOST_CANDIDATES: Final = 200
"""Of an account that holds more of one symbol and side at once, the oldest are looked at."""


class Opening(Struct, kw_only=True):
    """Something that was opened, and how much of it is left to close."""

    position: int
    symbol: str
    side: Side
    at: datetime
    price: Decimal
    left: Decimal

    def move(self, closing: Exit) -> Decimal:
        """How far the price went in its favour, times the lots closed: profit is proportional to it."""
        return (closing.price - self.price) * SIGNS[self.side] * closing.lots


def entered(deals: Iterable[Deal], closings: Iterable[Exit]) -> dict[int, Opening]:
    """Return what each deal opened, by its number; of a reversal, what it did not close.

    The order that opened a position gives it its number.
    """
    closed = {closing.deal.deal: closing.lots for closing in closings}
    return {
        deal.deal: Opening(
            position=deal.order or deal.deal,
            symbol=deal.symbol,
            side=SIDES[deal.type],
            at=deal.dealt_at,
            price=deal.price or Decimal(0),
            left=deal.lots - closed.get(deal.deal, Decimal(0)),
        )
        for deal in deals
        if deal.type in SIDES and deal.direction in {"in", "in/out"}
    }


def settle(closings: Iterable[Exit], openings: Iterable[Opening]) -> dict[int, Opening]:
    """Return the opening that each closing deal closes, by the deal's number; a deal without any is left out."""
    book: dict[tuple[str, Side], list[Opening]] = defaultdict(list)
    for opening in sorted(openings, key=attrgetter("at")):
        book[opening.symbol, opening.side].append(opening)
    rates: dict[str, Decimal] = {}
    settled = {}
    for closing in closings:
        queue = book[closing.deal.symbol, closing.side]
        candidates = queue[: min(MOST_CANDIDATES, bisect_right(queue, closing.at, key=attrgetter("at")))]
        if candidates:
            settled[closing.deal.deal] = chosen = choose(closing, candidates, rates)
            take(closing.lots, [chosen, *candidates], queue)
    return settled


def choose(closing: Exit, candidates: Sequence[Opening], rates: dict[str, Decimal]) -> Opening:
    """Return the opening whose move in price explains the profit; the first of equals.

    What a move is worth is learned where there is no choice, and followed as exchange rates change.
    """
    whole = [opening for opening in candidates if opening.left >= closing.lots] or candidates[:1]
    rate = rates.get(closing.deal.symbol)
    chosen = whole[0] if rate is None else min(whole, key=lambda it: abs(closing.deal.profit - it.move(closing) * rate))
    if len({opening.price for opening in whole}) == 1 and (move := chosen.move(closing)):
        rates[closing.deal.symbol] = closing.deal.profit / move
    return chosen


def take(lots: Decimal, openings: Iterable[Opening], queue: list[Opening]) -> None:
    """Close `lots` of `openings`, in their order, and strike from `queue` what is closed in full."""
    for opening in openings:
        part = min(lots, opening.left)
        opening.left -= part
        lots -= part
        if part and not opening.left:
            queue.remove(opening)
        if not lots:
            return
