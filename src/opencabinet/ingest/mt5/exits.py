"""The deals that close something, each with the side and the volume it closes."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Final

from msgspec import Struct

from opencabinet.ingest.model import Deal, Side

OPPOSITE: Final[dict[str, Side]] = {"buy": "sell", "sell": "buy"}
SIGNS: Final = {"buy": 1, "sell": -1}


class Exit(Struct, frozen=True):
    """A closing deal: the side of the position it closes, and how much of it."""

    deal: Deal
    side: Side
    lots: Decimal

    @property
    def at(self) -> datetime:
        """When it closed."""
        return self.deal.dealt_at

    @property
    def price(self) -> Decimal:
        """At what price it closed; every deal of a trade has one."""
        return self.deal.price or Decimal(0)

    @property
    def money(self) -> tuple[Decimal, Decimal]:
        """What it brought, and the swap it settled."""
        return self.deal.profit, self.deal.swap


def exits(deals: Iterable[Deal]) -> Iterator[Exit]:
    """Give the closing deals in their order. Of a reversal only the part that closes counts: what was open before."""
    held: dict[str, Decimal] = defaultdict(Decimal)
    for deal in deals:
        if deal.type not in SIGNS:
            continue
        if deal.direction != "in":
            yield Exit(deal, OPPOSITE[deal.type], closed_lots(deal, held[deal.symbol]))
        held[deal.symbol] += SIGNS[deal.type] * deal.lots


def closed_lots(deal: Deal, held: Decimal) -> Decimal:
    """Return how much of `deal` closes, where `held` lots were open; all of it, where the history does not tell."""
    against = -held * SIGNS[deal.type]
    return min(against, deal.lots) if deal.direction == "in/out" and against > 0 else deal.lots
