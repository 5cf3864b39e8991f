"""A MetaTrader 4 server: one table of tickets that are orders, open trades, closed trades and movements by turns."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any, ClassVar, Final

from tests.double.books import NOTHING, Account, Closing, Group, Movement, Order, Position, Symbol, rounded
from tests.double.broker import EPOCH, OPPOSITE, SWAP, UNSET, Broker, Row

TYPES: Final = {"buy": 0, "sell": 1, "buy limit": 2, "sell limit": 3, "buy stop": 4, "sell stop": 5}
BALANCE, CREDIT = 6, 7
KINDS: Final = {BALANCE: "balance", CREDIT: "credit"}
ENDINGS: Final = {"cancelled": "cancelled", "expired": "[expiration]"}
REASONS: Final = {3: "[sl]", 4: "[tp]", 5: "so: 49.8%/24.9/50.0"}


class Mt4(Broker):
    """A server; each action is what a client, a dealer or the server itself does."""

    platform = "mt4"
    groups: ClassVar[dict[str, Group]] = {
        "usd": Group("real-usd"),
        "vip": Group("real-vip"),
        "eur": Group("real-eur", "EUR"),
        "yen": Group("real-yen", "JPY", 0),
        "cent": Group("real-cent", "USC"),
        "demo": Group("demoforex", followed=False),
        "dealers": Group("manager", followed=False),
        "coverage": Group("coverage", followed=False),
    }

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        for symbol in self.symbols.values():
            self.told_price(symbol)

    @property
    def second(self) -> Any:
        """Now, as it is told: in whole seconds."""
        return self.now.replace(microsecond=0)

    # What clients do.

    def open(self, account: Account, symbol: str, side: str, lots: str | Decimal, **how: Any) -> Position:
        """Buy or sell at the market."""
        traded, size = self.symbols[symbol], Decimal(lots)
        ticket = how.pop("ticket", None) or self.ticket()
        price = how.pop("price", None) or self.price(traded, side)
        made = Position(ticket, ticket, traded, side, size, price, self.second, **how)
        made.commission = self.charge(account, size)
        account.books.positions[ticket] = made
        self.told_position(account, made)
        return made

    def close(self, account: Account, position: Position, lots: str | Decimal | None = None, reason: int = 0) -> int:
        """Close a trade or a part of it: the rest is a trade of another ticket."""
        size = position.lots if lots is None else Decimal(lots)
        price = self.price(position.symbol, OPPOSITE[position.side])
        rest = self.split(account, position, size)
        comment = f"to #{rest.ticket}" if rest else position.comment + REASONS.get(reason, "")
        self.end(account, position, price, self.profit(account, position, size, price), comment)
        return position.ticket

    def close_by(self, account: Account, position: Position, other: Position) -> tuple[int, int]:
        """Close two trades by each other: one has all that was earned, the other no volume."""
        first, second = sorted((position, other), key=lambda each: (each.lots, -each.ticket))
        lots, price = first.lots, second.price
        rest = self.split(account, second, lots)
        profit = self.profit(account, first, lots, price)
        self.end(account, first, price, profit, f"close hedge by #{second.ticket}")
        second.lots, second.commission, second.swap = NOTHING, NOTHING, NOTHING
        self.end(account, second, second.price, NOTHING, f"close hedge by #{first.ticket}")
        if rest:
            rest.comment = f"from #{second.ticket}"
            self.told_position(account, rest)
        return first.ticket, second.ticket

    def place(self, account: Account, symbol: str, kind: str, lots: str, price: str) -> Order:
        """Place an order that waits for its price."""
        order = Order(self.ticket(), self.symbols[symbol], kind, Decimal(lots), Decimal(price), self.second)
        account.books.orders[order.ticket] = order
        self.told_order(account, order)
        return order

    def change(self, account: Account, order: Order, price: str | Decimal) -> None:
        """Give a working order another price."""
        order.price = Decimal(price)
        self.told_order(account, order)

    def fill(self, account: Account, order: Order) -> Position:
        """Let an order find its price: its ticket is a trade from then on."""
        del account.books.orders[order.ticket]
        side = order.type.split()[0]
        return self.open(account, order.symbol.name, side, order.lots, ticket=order.ticket, price=order.price)

    def drop(self, account: Account, order: Order, state: str = "cancelled") -> None:
        """Cancel an order, or let it expire."""
        order.state, order.done_at = state, self.second
        self.told_order(account, order)

    def protect(self, account: Account, position: Position, stop_loss: str, take_profit: str) -> None:
        """Set the stops of a trade."""
        position.stop_loss, position.take_profit = Decimal(stop_loss), Decimal(take_profit)
        self.told_position(account, position)

    # What the house does.

    def book(self, account: Account, command: int, amount: str | Decimal, comment: str = "", **how: Any) -> int:
        """Move money or credit; return the ticket."""
        size, ticket = Decimal(amount), self.ticket()
        account.books.movements[ticket] = Movement(KINDS[command], size, self.second, comment)
        self.money(account, command, size)
        at = self.seconds()
        row = self.trade_row(account, ticket, CMD=command, VOLUME=1, PROFIT=size, COMMENT=comment, **how)
        self.write("mt4_trades", ticket, row | {"OPEN_TIME": at, "CLOSE_TIME": at})
        self.told_account(account)
        return ticket

    def deposit(self, account: Account, amount: str) -> int:
        """Pay money in."""
        return self.book(account, BALANCE, amount, "Deposit")

    def rollover(self) -> None:
        """Charge a night on all that is open."""
        for account in self.accounts.values():
            for position in account.positions():
                position.swap += rounded(SWAP * position.lots, account.group.digits)
                self.told_position(account, position)
            self.told_account(account)

    def edit(self, account: Account, ticket: int, profit: str, *, silent: bool = False) -> None:
        """Let a manager give a closed trade another profit, with a stamp or without."""
        row, closing = self.rows["mt4_trades"][ticket], account.books.closings[ticket]
        account.books.balance += Decimal(profit) - closing.profit
        closing.profit = row["PROFIT"] = Decimal(profit)
        if not silent:
            row["TIMESTAMP"] = self.epoch()
        self.touch("mt4_trades", ticket)
        self.told_account(account)

    def remove(self, account: Account, ticket: int) -> None:
        """Delete a closed trade or a movement, as if it had never been; the balance is corrected."""
        if closing := account.books.closings.pop(ticket, None):
            self.money(account, BALANCE, -(closing.profit + closing.swap + closing.commission))
        elif moved := account.books.movements.pop(ticket, None):
            self.money(account, BALANCE if moved.kind == "balance" else CREDIT, -moved.amount)
        self.erase("mt4_trades", ticket)
        self.told_account(account)

    def hand_over(self, account: Account, other: Account, ticket: int) -> None:
        """Give a movement to another account, as managers do who booked it to the wrong one."""
        moved = account.books.movements.pop(ticket)
        other.books.movements[ticket] = moved
        command = BALANCE if moved.kind == "balance" else CREDIT
        self.money(account, command, -moved.amount)
        self.money(other, command, moved.amount)
        self.rows["mt4_trades"][ticket] |= {"LOGIN": other.number, "TIMESTAMP": self.epoch()}
        self.touch("mt4_trades", ticket)
        self.told_account(account)
        self.told_account(other)

    def archive(self, account: Account) -> int:
        """Remove the closed trades and movements of an account, and leave one balance in their place."""
        books = account.books
        total = sum((each.profit + each.swap + each.commission for each in books.closings.values()), NOTHING)
        total += sum((each.amount for each in books.movements.values() if each.kind == "balance"), NOTHING)
        kept = {key: each for key, each in books.movements.items() if each.kind == "credit"}
        for ticket in [*books.closings, *(set(books.movements) - set(kept))]:
            self.erase("mt4_trades", ticket)
        books.closings, books.movements = {}, kept
        self.money(account, BALANCE, -total)
        return self.book(account, BALANCE, total, f"B/F as at {self.wall():%Y-%m-%d}")

    def delete(self, account: Account) -> None:
        """Delete an account; its trades stay."""
        account.deleted = True
        self.erase("mt4_users", account.number)

    # What these are made of.

    def split(self, account: Account, position: Position, lots: Decimal) -> Position | None:
        """Make what stays open of a trade one of its own; None where all of it closes."""
        if lots == position.lots:
            return None
        ticket, rest = self.ticket(), position.lots - lots
        share = rounded(position.commission * lots / position.lots, account.group.digits)
        swap = rounded(position.swap * lots / position.lots, account.group.digits)
        made = replace(position, id=position.id, ticket=ticket, lots=rest, comment=f"from #{position.ticket}")
        made.commission, made.swap = position.commission - share, position.swap - swap
        position.lots, position.commission, position.swap = lots, share, swap
        account.books.positions[ticket] = made
        self.told_position(account, made)
        return made

    def end(self, account: Account, position: Position, price: Decimal, profit: Decimal, comment: str) -> None:
        """Write a closed trade."""
        position.comment = comment
        account.books.closings[position.ticket] = Closing(
            position=position.id,
            symbol=position.symbol.name,
            side=position.side,
            lots=position.lots,
            opened_at=position.opened_at,
            open_price=position.price,
            closed_at=self.second,
            close_price=price,
            profit=profit,
            swap=position.swap,
            commission=position.commission,
            fee=NOTHING,
            digits=position.symbol.digits,
            day=self.wall().date(),
        )
        del account.books.positions[position.ticket]
        self.money(account, BALANCE, profit + position.swap + position.commission)
        ended = {"CLOSE_TIME": self.seconds(), "CLOSE_PRICE": price, "PROFIT": profit}
        self.write("mt4_trades", position.ticket, self.position_row(account, position) | ended)
        self.told_account(account)

    def money(self, account: Account, command: int, amount: Decimal) -> None:
        """Move money or credit."""
        if command == CREDIT:
            account.books.credit += amount
        else:
            account.books.balance += amount

    # The rows, as the export writes them.

    def told_account(self, account: Account) -> None:
        """Write who has an account, and how it stands."""
        if account.deleted or self.accounts.get(account.number) is not account:
            return
        books = account.books
        costs = sum((each.swap + each.commission for each in account.positions()), NOTHING)
        equity = books.balance + books.credit + self.floating(account) + costs
        row = {"LOGIN": account.number, "GROUP": account.group.name, "ENABLE": 1, "NAME": account.name}
        row |= {"PASSWORD_PHONE": "never-read-me", "API_DATA": "never-read-me", "EMAIL": "never@read.me"}
        row |= {"REGDATE": self.seconds(account.registered_at), "LEVERAGE": account.leverage, "BALANCE": books.balance}
        row |= {"AGENT_ACCOUNT": account.agent, "TIMESTAMP": self.epoch(), "CREDIT": books.credit, "EQUITY": equity}
        row |= {"CURRENCY": account.group.currency, "MARGIN_FREE": equity}
        self.write("mt4_users", account.number, row)

    def told_price(self, symbol: Symbol) -> None:
        """Write the newest price of a symbol; one that was never quoted has zeros and no time."""
        bid, ask = self.quote(symbol) if self.prices[symbol.name] else (NOTHING, NOTHING)
        row = {"SYMBOL": symbol.name, "TIME": self.seconds() if bid else UNSET, "BID": bid, "ASK": ask, "LOW": bid}
        self.write("mt4_prices", symbol.name, row | {"HIGH": ask, "DIGITS": symbol.digits, "SPREAD": 12})

    def told_position(self, account: Account, position: Position) -> None:
        """Write an open trade."""
        row = self.position_row(account, position)
        row |= {"CLOSE_PRICE": self.price(position.symbol, OPPOSITE[position.side])}
        self.write("mt4_trades", position.ticket, row | {"PROFIT": self.standing(account, position)})

    def told_order(self, account: Account, order: Order) -> None:
        """Write an order, working or ended."""
        row = self.trade_row(account, order.ticket, CMD=TYPES[order.type], SYMBOL=order.symbol.name)
        row |= {"VOLUME": int(order.lots.scaleb(2)), "OPEN_TIME": self.seconds(order.placed_at)}
        row |= {"OPEN_PRICE": order.price, "DIGITS": order.symbol.digits}
        row |= {"CLOSE_TIME": self.seconds(order.done_at) if order.done_at else UNSET}
        self.write("mt4_trades", order.ticket, row | {"COMMENT": ENDINGS.get(order.state, "")})

    def position_row(self, account: Account, position: Position) -> Row:
        """Return a trade, open as long as nothing else is said."""
        return self.trade_row(
            account,
            position.ticket,
            CMD=TYPES[position.side],
            SYMBOL=position.symbol.name,
            DIGITS=position.symbol.digits,
            VOLUME=int(position.lots.scaleb(2)),
            OPEN_TIME=self.seconds(position.opened_at),
            OPEN_PRICE=position.price,
            SL=position.stop_loss,
            TP=position.take_profit,
            COMMISSION=position.commission,
            SWAPS=position.swap,
            COMMENT=position.comment[:31],
        )

    def trade_row(self, account: Account, ticket: int, **told: Any) -> Row:
        """Return a row of the one table; what is not told of it is zero."""
        row = {"TICKET": ticket, "LOGIN": account.number, "TIMESTAMP": self.epoch(), "EXPIRATION": UNSET}
        return row | {"CLOSE_TIME": UNSET, "CONV_RATE1": Decimal(1), "MARGIN_RATE": Decimal(1)} | told

    def seconds(self, at: Any = None) -> Any:
        """Return a moment by the server's clock, in whole seconds."""
        return self.wall(at).replace(microsecond=0)

    def heartbeat(self) -> int:
        """Return how far the export has come, in its own measure."""
        return (self.now - EPOCH) // timedelta(seconds=1)
