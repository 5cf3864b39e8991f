"""An account on MetaTrader 5: orders make deals, deals make positions, and where they are netted one for a symbol."""

from decimal import Decimal
from typing import Any, Final

from msgspec import structs

from opencabinet.ingest.feeds.model import DealRow, Direction, GoneRow, OrderRow
from opencabinet.ingest.feeds.simulator.books import Book, Reason, moment
from opencabinet.ingest.feeds.simulator.holdings import NOTHING, OTHER, Holding, Signal, Wish
from opencabinet.ingest.feeds.simulator.symbols import Symbol
from opencabinet.ingest.model import OrderType, Side

CHARGE: Final = Decimal("3.5")
"""What a lot costs in dollars, each way."""
PLACES: Final = Decimal("0.00000001")
"""How exactly the price of a position is kept that was opened in parts."""


class Deals(Book):
    """Books of deals."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.kept: dict[int, list[DealRow]] = {}
        self.last: list[DealRow] = []

    def open(
        self,
        symbol: Symbol,
        side: Side,
        lots: Decimal,
        at: int,
        *,
        stop: Decimal | None = None,
        target: Decimal | None = None,
        comment: str = "",
        wish: Wish | None = None,
    ) -> Holding | None:
        """Trade: where positions are netted, against or on top of the one that is held."""
        held = self.netted(symbol)
        against = held is not None and held.side != side
        if not against and not self.allows(symbol, side, lots, at):
            return None
        order = self.order(symbol, side, lots, at, comment, wish)
        if held is not None and against:
            return self.against(held, lots, at, order)
        if held is not None:
            return self.add(held, lots, at, order)
        made = Holding(
            ticket=order,
            root=order,
            symbol=symbol,
            side=side,
            lots=lots,
            price=self.entry(symbol, side, at),
            opened_at=at,
            stop=stop,
            target=target,
            comment=comment,
        )
        self.holdings[order] = made
        self.signals.append(Signal(order, True, symbol, side, lots))  # noqa: FBT003
        self.deal(made, "in", side, lots, at, order=order, comment=comment)
        return made

    def netted(self, symbol: Symbol) -> Holding | None:
        """Return the position of a symbol that everything goes into, if there is one."""
        if self.person.mode == "hedging":
            return None
        return next((one for one in self.holdings.values() if one.symbol is symbol), None)

    def add(self, held: Holding, lots: Decimal, at: int, order: int) -> Holding:
        """Make a position larger, at the average of both prices."""
        price, whole = self.entry(held.symbol, held.side, at), held.lots + lots
        self.deal(held, "in", held.side, lots, at, order=order)
        held.price = ((held.price * held.lots + price * lots) / whole).quantize(PLACES)
        held.lots = whole
        return held

    def against(self, held: Holding, lots: Decimal, at: int, order: int) -> Holding | None:
        """Make a position smaller, or close it; what goes beyond it is a position of the other side."""
        if lots <= held.lots:
            self.leave(held, lots, at, order=order)
            return None
        more, reached = lots - held.lots, self.leaving(held, at)
        self.leave(held, held.lots, at, order=order, beyond=more)
        made = structs.replace(
            held,
            ticket=held.ticket,
            side=OTHER[held.side],
            lots=more,
            price=reached,
            opened_at=at,
            stop=None,
            target=None,
            swap=NOTHING,
            watched=False,
        )
        self.holdings[made.ticket] = made
        self.kept[made.root], self.last = self.last, []
        return made

    def close(
        self,
        holding: Holding,
        at: int,
        *,
        lots: Decimal | None = None,
        price: Decimal | None = None,
        reason: Reason = "client",
        comment: str = "",
    ) -> None:
        """Close a position, or a part of it."""
        lots = min(lots or holding.lots, holding.lots)
        said = comment or (f"[{reason} {price or self.leaving(holding, at)}]" if reason != "client" else "")
        order = self.order(holding.symbol, OTHER[holding.side], lots, at, said)
        self.leave(holding, lots, at, order=order, price=price, reason=reason, comment=said)

    def close_by(self, first: Holding, second: Holding, at: int) -> None:
        """Let two opposite positions close each other: the first takes the whole profit."""
        lots = min(first.lots, second.lots)
        order = self.order(first.symbol, OTHER[first.side], lots, at, "", kind="close by")
        prices = second.price, first.price
        self.leave(first, lots, at, order=order, price=prices[0], by=True)
        self.leave(second, lots, at, order=order, price=prices[1], by=True, worth=NOTHING)

    def leave(
        self,
        held: Holding,
        lots: Decimal,
        at: int,
        *,
        order: int,
        price: Decimal | None = None,
        reason: Reason = "client",
        comment: str = "",
        beyond: Decimal = NOTHING,
        by: bool = False,
        worth: Decimal | None = None,
    ) -> None:
        """Make the deal of an exit, and book what it brings."""
        price = self.leaving(held, at) if price is None else price
        swap = self.share(held.swap, lots, held.lots)
        profit = self.profit(held, lots, price, at) if worth is None else worth
        self.ended(held, lots)
        ways: tuple[Direction, ...] = ("out by",) if by else ("in/out",) if beyond else ("out",)
        self.deal(
            *(held, ways[0], OTHER[held.side], lots + beyond, at),
            order=order,
            price=price,
            lots_closed=lots,
            position_price=held.price,
            swap=swap,
            profit=profit,
            reason=reason,
            comment=comment,
        )
        held.swap -= swap
        held.lots -= lots
        if not held.lots:
            del self.holdings[held.ticket]
            self.last = self.kept.pop(held.root)

    def deal(self, held: Holding, way: Direction, side: Side, lots: Decimal, at: int, **told: Any) -> None:
        """Make a deal, charge for it, and book it."""
        charged = NOTHING if way == "out by" else self.money(-CHARGE * lots, "USD", at)
        row = DealRow(
            number=self.person.number,
            deal=self.numbers.deal(),
            position=held.root,
            symbol=held.symbol.name,
            type=side,
            direction=way,
            lots=lots,
            contract_size=held.symbol.contract,
            digits=held.symbol.digits,
            dealt_at=moment(at),
            commission=charged,
            stop_loss=held.stop,
            take_profit=held.target,
            **(self.usual(held.symbol, side, at) | told),
        )
        self.balance += row.profit + row.swap + row.commission
        self.told["deal", row.deal] = row
        self.kept.setdefault(held.root, []).append(row)

    def usual(self, symbol: Symbol, side: Side, at: int) -> dict[str, Any]:
        """Return what a deal tells if nothing else is known of it."""
        return {"price": self.entry(symbol, side, at), "reason": "client"}

    def order(
        self,
        symbol: Symbol,
        side: Side,
        lots: Decimal,
        at: int,
        comment: str,
        wish: Wish | None = None,
        kind: OrderType | None = None,
    ) -> int:
        """Tell of the order behind a deal, and return its number; one that waited is filled."""
        if wish:
            del self.wishes[wish.ticket]
            self.tell_order(wish, "filled", at)
            return wish.ticket
        ticket = self.numbers.ticket()
        self.told["order", ticket] = OrderRow(
            number=self.person.number,
            ticket=ticket,
            symbol=symbol.name,
            type=kind or side,
            lots=lots,
            filled_lots=lots,
            contract_size=symbol.contract,
            state="filled",
            reason="filled",
            placed_at=moment(at),
            done_at=moment(at),
            comment=comment,
        )
        return ticket

    def move(self, kind: str, amount: Decimal, at: int, comment: str) -> None:
        """Bring money or credit, or take it."""
        if kind == "credit":
            self.credit += amount
        else:
            self.balance += amount
        number = self.numbers.deal()
        self.told["deal", number] = DealRow(
            number=self.person.number, deal=number, type=kind, dealt_at=moment(at), profit=amount, comment=comment
        )

    def correct(self, at: int) -> bool:
        """Edit the deal that closed a position last."""
        del at
        if not self.last:
            return False
        less = Decimal(1).scaleb(-self.places) * 100
        row = structs.replace(self.last[-1], profit=self.last[-1].profit - less, comment="corrected")
        self.balance -= less
        self.told["deal", row.deal] = self.last[-1] = row
        return True

    def delete(self, at: int) -> bool:
        """Take back all deals of the position that closed last."""
        del at
        for row in self.last:
            self.balance -= row.profit + row.swap + row.commission
            self.told["deal", row.deal] = GoneRow(family="deal", key=row.deal)
        found, self.last = bool(self.last), []
        return found
