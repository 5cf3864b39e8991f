"""An account on MetaTrader 4: each trade is a ticket, and what a partial close leaves open is another."""

from decimal import Decimal
from typing import Final

from msgspec import structs

from opencabinet.ingest.feeds.model import ClosedRow, GoneRow, MovementRow
from opencabinet.ingest.feeds.simulator.books import Book, Reason, moment
from opencabinet.ingest.feeds.simulator.holdings import CENT, NOTHING, Holding, Signal, Wish
from opencabinet.ingest.feeds.simulator.symbols import Symbol
from opencabinet.ingest.model import Side

ROUND_TURN: Final = Decimal(7)
"""What a lot costs in dollars, in and out."""
MARKS: Final[dict[Reason, str]] = {"client": "", "sl": "[sl]", "tp": "[tp]", "so": ""}


class Tickets(Book):
    """Books of trades."""

    last: ClosedRow | None = None

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
        """Open a trade; an order that waited keeps its ticket."""
        if not self.allows(symbol, side, lots, at):
            return None
        ticket = wish.ticket if wish else self.numbers.ticket()
        if wish:
            del self.wishes[ticket]
            self.told.pop(("order", ticket), None)
        made = Holding(
            ticket=ticket,
            root=ticket,
            symbol=symbol,
            side=side,
            lots=lots,
            price=self.entry(symbol, side, at),
            opened_at=at,
            stop=stop,
            target=target,
            commission=self.money(-ROUND_TURN * lots, "USD", at),
            comment=comment,
        )
        self.holdings[ticket] = made
        self.signals.append(Signal(ticket, True, symbol, side, lots))  # noqa: FBT003
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
        """Close a trade; of a part, the rest goes on under a new ticket."""
        lots = min(lots or holding.lots, holding.lots)
        price = self.leaving(holding, at) if price is None else price
        swap, commission = (self.share(cost, lots, holding.lots) for cost in (holding.swap, holding.commission))
        self.ended(holding, lots)
        del self.holdings[holding.ticket]
        said = comment or MARKS[reason] or holding.comment
        if lots < holding.lots:
            rest = self.numbers.ticket()
            said = f"to #{rest}"
            self.holdings[rest] = structs.replace(
                holding,
                ticket=rest,
                lots=holding.lots - lots,
                swap=holding.swap - swap,
                commission=holding.commission - commission,
                comment=f"from #{holding.ticket}",
                watched=False,
            )
        row = ClosedRow(
            number=self.person.number,
            ticket=holding.ticket,
            position=holding.root,
            symbol=holding.symbol.name,
            side=holding.side,
            lots=lots,
            contract_size=holding.symbol.contract,
            digits=holding.symbol.digits,
            opened_at=moment(holding.opened_at),
            open_price=holding.price,
            closed_at=moment(at),
            close_price=price,
            stop_loss=holding.stop,
            take_profit=holding.target,
            commission=commission,
            swap=swap,
            profit=self.profit(holding, lots, price, at),
            comment=said,
        )
        self.book(row)

    def book(self, row: ClosedRow, before: Decimal = NOTHING) -> None:
        """Keep a closed trade, and count what it brings more than `before`."""
        self.balance += row.profit + row.swap + row.commission - before
        self.told["trade", row.ticket] = self.last = row

    def move(self, kind: str, amount: Decimal, at: int, comment: str) -> None:
        """Bring money or credit, or take it; what is neither is money."""
        ticket, kind = self.numbers.ticket(), kind if kind == "credit" else "balance"
        if kind == "credit":
            self.credit += amount
        else:
            self.balance += amount
        self.told["trade", ticket] = MovementRow(
            number=self.person.number, ticket=ticket, kind=kind, amount=amount, moved_at=moment(at), comment=comment
        )

    def correct(self, at: int) -> bool:
        """Edit the trade that closed last."""
        del at
        if (last := self.last) is None:
            return False
        less = Decimal(1).scaleb(-self.places) * 100
        before = last.profit + last.swap + last.commission
        self.book(structs.replace(last, profit=last.profit - less, comment="corrected"), before)
        return True

    def delete(self, at: int) -> bool:
        """Take back the trade that closed last."""
        del at
        if (last := self.last) is None:
            return False
        self.balance -= last.profit + last.swap + last.commission
        self.told["trade", last.ticket] = GoneRow(family="trade", key=last.ticket)
        self.last = None
        return True


def halved(lots: Decimal) -> Decimal:
    """Return half of a volume, or all of it if it cannot be parted."""
    return max((lots / 2).quantize(CENT), CENT)
