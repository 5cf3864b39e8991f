"""A position from its deals, one after the other: what each closes, and at what price that had been opened.

The price of opening is the average of what is held, as MetaTrader counts it: closing a part leaves it as it is.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Final

from msgspec import Struct

from opencabinet.ingest.model import SIDES, Side
from opencabinet.kernel.ids import Login

OPPOSITE: Final[dict[str, Side]] = {"buy": "sell", "sell": "buy"}
EXACT: Final = Context(prec=60, rounding=ROUND_HALF_UP)
SMALLEST: Final = Decimal("0.00000001")
NOTHING: Final = Decimal(0)


class Dealt(Struct, frozen=True, kw_only=True):
    """A deal of a position that trades: neither canceled nor technical."""

    login: Login
    position: int
    deal: int
    symbol: str
    type: str
    direction: str
    lots: Decimal
    lots_closed: Decimal | None
    contract_size: Decimal | None
    digits: int | None
    price: Decimal | None
    position_price: Decimal | None
    stop_loss: Decimal | None
    take_profit: Decimal | None
    dealt_at: datetime
    dealt_offset: int
    commission: Decimal
    fee: Decimal
    swap: Decimal
    profit: Decimal
    comment: str


class Made(Struct, frozen=True, kw_only=True):
    """A closing that a deal has made, as it is staged."""

    number: int = 0
    login: Login
    ticket: int
    position: int
    symbol: str
    side: Side
    lots: Decimal
    contract_size: Decimal | None
    digits: int
    opened_at: datetime | None
    opened_offset: int | None
    open_price: Decimal | None
    closed_at: datetime
    closed_offset: int
    close_price: Decimal
    stop_loss: Decimal | None
    take_profit: Decimal | None
    commission: Decimal
    fee: Decimal
    swap: Decimal
    profit: Decimal
    comment: str


class Held(Struct, kw_only=True):
    """What is open of a position: its price is `amount` by `weight`, where every price that went into it was told."""

    side: Side
    lots: Decimal
    amount: Decimal | None
    weight: Decimal
    opened_at: datetime
    opened_offset: int
    contract_size: Decimal | None
    digits: int | None

    def price(self) -> Decimal | None:
        """Return what it was opened at on average."""
        return None if self.amount is None or not self.weight else EXACT.divide(self.amount, self.weight)

    def add(self, deal: Dealt) -> None:
        """Let a deal add to what is open."""
        price = self.price()
        known = price is not None and deal.price is not None
        if self.lots != self.weight and price is not None:  # a part has closed since: what is left counts
            self.amount, self.weight = EXACT.multiply(price, self.lots), self.lots
        more = EXACT.multiply(deal.price or NOTHING, deal.lots)
        self.amount = EXACT.add(self.amount, more) if known and self.amount is not None else None
        self.weight += deal.lots
        self.lots += deal.lots
        self.digits = max((told for told in (self.digits, deal.digits) if told is not None), default=None)
        self.contract_size = self.contract_size or deal.contract_size


def fold(deals: Iterable[Dealt]) -> Iterator[Made]:
    """Give the closings of a position from its deals in their order."""
    held: Held | None = None
    for deal in deals:
        if deal.direction == "in":
            held = entered(held, deal)
            continue
        mine = held if held and held.side == OPPOSITE[deal.type] else None
        lots = closed_lots(deal, mine)
        yield closing(deal, mine, lots)
        held = rest(mine, deal, lots)


def entered(held: Held | None, deal: Dealt) -> Held | None:
    """Return what is open after a deal that opens; one against what is open, which no platform makes, lessens it."""
    if held is None:
        return opened(deal, deal.lots)
    if held.side == deal.type:
        held.add(deal)
        return held
    held.lots -= deal.lots
    return held if held.lots > 0 else None


def opened(deal: Dealt, lots: Decimal) -> Held | None:
    """Return what a deal opens."""
    if not lots:
        return None
    amount = None if deal.price is None else EXACT.multiply(deal.price, lots)
    return Held(
        side=SIDES[deal.type],
        lots=lots,
        amount=amount,
        weight=lots,
        opened_at=deal.dealt_at,
        opened_offset=deal.dealt_offset,
        contract_size=deal.contract_size,
        digits=deal.digits,
    )


def closed_lots(deal: Dealt, held: Held | None) -> Decimal:
    """Return how much a deal closes: of a reversal what is told, or what was open; else all of it."""
    if deal.direction != "in/out":
        return deal.lots
    if deal.lots_closed:
        return min(deal.lots_closed, deal.lots)
    return min(held.lots, deal.lots) if held else deal.lots


def rest(held: Held | None, deal: Dealt, lots: Decimal) -> Held | None:
    """Return what is open after a deal closed `lots`: of a reversal, the rest of it."""
    if deal.direction == "in/out" and lots < deal.lots:
        return opened(deal, deal.lots - lots)
    if held is None or held.lots <= lots:
        return None
    held.lots -= lots
    return held


def closing(deal: Dealt, held: Held | None, lots: Decimal) -> Made:
    """Return the closing of `lots` by a deal, of what is held if that is known."""
    price = deal.position_price or (held.price() if held else None)
    open_price = None if price is None else price.quantize(SMALLEST, context=EXACT)
    # Positions that close each other have no price of the market.
    close_price = deal.price if deal.price is not None else open_price or NOTHING
    digits = deal.digits if deal.digits is not None or held is None else held.digits
    return Made(
        login=deal.login,
        ticket=deal.deal,
        position=deal.position,
        symbol=deal.symbol,
        side=OPPOSITE[deal.type],
        lots=lots,
        contract_size=deal.contract_size or (held.contract_size if held else None),
        digits=places(close_price) if digits is None else digits,
        opened_at=held.opened_at if held else None,
        opened_offset=held.opened_offset if held else None,
        open_price=open_price,
        closed_at=deal.dealt_at,
        closed_offset=deal.dealt_offset,
        close_price=close_price,
        stop_loss=deal.stop_loss,
        take_profit=deal.take_profit,
        commission=deal.commission,
        fee=deal.fee,
        swap=deal.swap,
        profit=deal.profit,
        comment=deal.comment,
    )


def places(price: Decimal) -> int:
    """Return how many decimal places a price needs."""
    return max(0, -int(price.normalize().as_tuple().exponent))
