"""A MetaTrader 5 server: deals, positions and orders, hedging and netting."""

from decimal import Decimal
from typing import Any

from tests.double.books import NOTHING, Account, Closing, Order, Position, Symbol, rounded
from tests.double.broker import OPPOSITE, Row
from tests.double.mt5_house import (
    BY,
    CANCELLED_ORDER,
    FEE,
    FILLED,
    IN,
    OUT,
    REVERSED,
    SIDES,
    STATES,
    STOP_LOSS,
    STOP_OUT,
    TAKE_PROFIT,
    Mt5House,
)


class Mt5(Mt5House):
    """A server; each action is what a client, a dealer or the server itself does."""

    # What clients do.

    def open(self, account: Account, symbol: str, side: str, lots: str | Decimal, **how: Any) -> Position | None:
        """Buy or sell at the market; return what is open in the symbol then."""
        traded = self.symbols[symbol]
        size = Decimal(lots)
        order = how.pop("order", None) or self.order(account, traded, side, size)
        held = next((each for each in account.positions() if each.symbol == traded), None)
        if not account.group.netting or held is None:
            return self.enter(account, traded, side, size, order, **how)
        if held.side == side:
            return self.add(account, held, size, order)
        if size > held.lots:
            return self.reverse(account, held, size, order)
        self.leave(account, held, size, order=order)
        return account.books.positions.get(held.ticket)

    def close(self, account: Account, position: Position, lots: str | Decimal | None = None, reason: int = 0) -> int:
        """Close a position or a part of it at the market; return the deal."""
        size = position.lots if lots is None else Decimal(lots)
        order = self.order(account, position.symbol, OPPOSITE[position.side], size, position=position.id)
        return self.leave(account, position, size, order=order, reason=reason)

    def close_by(self, account: Account, position: Position, other: Position) -> tuple[int, int]:
        """Close two positions by each other: neither deal is one with the market."""
        lots = min(position.lots, other.lots)
        order = self.order(account, position.symbol, "close by", lots, position=position.id, by=other.id)
        at = position.price, other.price
        first = self.leave(account, position, lots, order=order, entry=BY, price=at[1])
        return first, self.leave(account, other, lots, order=order, entry=BY, price=at[0], earned=NOTHING)

    def place(self, account: Account, symbol: str, kind: str, lots: str, price: str) -> Order:
        """Place an order that waits for its price."""
        order = Order(self.ticket(), self.symbols[symbol], kind, Decimal(lots), Decimal(price), self.now)
        account.books.orders[order.ticket] = order
        self.told_order(account, order, 1)
        return order

    def change(self, account: Account, order: Order, price: str | Decimal) -> None:
        """Give a working order another price."""
        order.price = Decimal(price)
        self.told_order(account, order, 1)

    def fill(self, account: Account, order: Order) -> Position | None:
        """Let an order find its price."""
        self.ended(account, order, FILLED)
        return self.open(account, order.symbol.name, order.type.split()[0], order.lots, order=order)

    def drop(self, account: Account, order: Order, state: int = CANCELLED_ORDER) -> None:
        """Cancel an order, or let it expire."""
        self.ended(account, order, state)

    def protect(self, account: Account, position: Position, stop_loss: str, take_profit: str) -> None:
        """Set the stops of a position."""
        position.stop_loss, position.take_profit = Decimal(stop_loss), Decimal(take_profit)
        self.told_position(account, position)

    # What these are made of.

    def enter(self, account: Account, symbol: Symbol, side: str, lots: Decimal, order: Order, **how: Any) -> Position:
        """Make a new position."""
        price = Decimal(how.pop("price", 0)) or self.price(symbol, side)
        made = Position(order.ticket, order.ticket, symbol, side, lots, price, self.now, self.ticket_of_row(), **how)
        account.books.positions[made.ticket] = made
        self.opening(account, made, lots, price, order)
        return made

    def add(self, account: Account, position: Position, lots: Decimal, order: Order) -> Position:
        """Make a position larger; its price is the average of what it was made of."""
        price = self.price(position.symbol, position.side)
        total = position.lots + lots
        position.price = rounded((position.price * position.lots + price * lots) / total, 10)
        position.lots = total
        self.opening(account, position, lots, price, order)
        return position

    def opening(self, account: Account, position: Position, lots: Decimal, price: Decimal, order: Order) -> None:
        """Write the deal that opened a position or made it larger."""
        self.deal(
            account,
            Action=SIDES[position.side],
            Entry=IN,
            Symbol=position.symbol,
            Price=price,
            lots=lots,
            Order=order.ticket,
            PositionID=position.id,
            PriceSL=position.stop_loss,
            PriceTP=position.take_profit,
            Commission=self.charge(account, lots),
            Comment=position.comment,
        )
        self.told_position(account, position)

    def reverse(self, account: Account, position: Position, lots: Decimal, order: Order) -> Position:
        """Close a position and open its opposite by one deal."""
        rest = lots - position.lots
        self.leave(account, position, position.lots, order=order, entry=REVERSED, extra=rest)
        price, side = self.price(position.symbol, OPPOSITE[position.side]), OPPOSITE[position.side]
        made = Position(position.id, order.ticket, position.symbol, side, rest, price, self.now, self.ticket_of_row())
        account.books.positions[made.ticket] = made
        self.told_position(account, made)
        return made

    def leave(self, account: Account, position: Position, lots: Decimal, *, order: Order, **how: Any) -> int:
        """Write the deal that closes a position or a part of it."""
        entry, reason = how.get("entry", OUT), how.get("reason", 0)
        price = how.get("price") or self.price(position.symbol, OPPOSITE[position.side])
        profit = how.get("earned", self.profit(account, position, lots, price))
        swap = rounded(position.swap * lots / position.lots, account.group.digits)
        paid = {"Commission": NOTHING if entry == BY else self.charge(account, lots), "Fee": self.fee(account)}
        deal = self.deal(
            account,
            Action=1 - SIDES[position.side],
            Entry=entry,
            Reason=reason,
            Symbol=position.symbol,
            Price=price,
            lots=lots + how.get("extra", NOTHING),
            closed=lots,
            Order=order.ticket,
            PositionID=position.id,
            PricePosition=position.price,
            PriceSL=position.stop_loss,
            PriceTP=position.take_profit,
            Profit=profit,
            ProfitRaw=self.raw(position, lots, price),
            RateProfit=self.rate(position.symbol.profit, account),
            Storage=swap,
            Comment={STOP_LOSS: f"[sl {price}]", TAKE_PROFIT: f"[tp {price}]", STOP_OUT: "so: 49.8%"}.get(reason, ""),
            **paid,
        )
        account.books.closings[deal] = self.closing(position, lots, price, profit, swap, paid)
        self.shrink(account, position, lots, swap)
        return deal

    def closing(
        self, position: Position, lots: Decimal, price: Decimal, profit: Decimal, swap: Decimal, paid: Row
    ) -> Closing:
        """Return what the books say of a closing."""
        return Closing(
            position=position.id,
            symbol=position.symbol.name,
            side=position.side,
            lots=lots,
            opened_at=position.opened_at,
            open_price=position.price,
            closed_at=self.now,
            close_price=price,
            profit=profit,
            swap=swap,
            commission=paid["Commission"],
            fee=paid["Fee"],
            digits=position.symbol.digits,
            day=self.wall().date(),
        )

    def shrink(self, account: Account, position: Position, lots: Decimal, swap: Decimal) -> None:
        """Take what closed out of a position; the row of one that is empty vanishes."""
        position.lots -= lots
        position.swap -= swap
        if position.lots:
            self.told_position(account, position)
        else:
            del account.books.positions[position.ticket]
            self.erase("mt5_positions", position.row)
        self.told_account(account)

    def fee(self, account: Account) -> Decimal:
        """Return the fee of a closing; old builds know none."""
        return rounded(FEE, account.group.digits) if self.fees else NOTHING

    def order(
        self, account: Account, symbol: Symbol, kind: str, lots: Decimal, position: int = 0, by: int = 0
    ) -> Order:
        """Make an order that is filled at once."""
        made = Order(self.ticket(), symbol, kind, lots, NOTHING, self.now, position=position, by=by)
        account.books.orders[made.ticket] = made
        self.ended(account, made, FILLED)
        return made

    def ended(self, account: Account, order: Order, state: int) -> None:
        """Move an order to the history."""
        order.state, order.done_at = STATES[state], self.now
        order.filled = order.lots if state == FILLED else NOTHING
        if order.ticket in self.rows.get("mt5_orders", {}):
            self.erase("mt5_orders", order.ticket)
        self.told_order(account, order, state)
