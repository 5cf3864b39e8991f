"""The simulator's own books of an account: what it holds, what that is worth, and what its server tells of it."""

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final, Literal

from opencabinet.ingest.feeds.model import AccountRow, Family, OpenRow, OrderRow, Row
from opencabinet.ingest.feeds.simulator.holdings import NOTHING, OTHER, SIGNS, Holding, Numbers, Signal, Wish
from opencabinet.ingest.feeds.simulator.people import COMPANY, Person
from opencabinet.ingest.feeds.simulator.prices import Prices
from opencabinet.ingest.feeds.simulator.symbols import Symbol
from opencabinet.ingest.model import OrderType, Side
from opencabinet.kernel.money import exponent, nearest

STOP_OUT: Final = Decimal(50)
"""The margin level at which the broker closes trades."""
SPARE: Final = Decimal("1.2")
"""How much more than its margin has to be free for a trade."""
Reason = Literal["client", "sl", "tp", "so"]


def moment(at: int) -> datetime:
    """Return a second as the moment it is."""
    return datetime.fromtimestamp(at, UTC)


class Book(ABC):
    """An account: what it holds and what it is worth. `told` is what its server has not told yet, newest by key."""

    def __init__(self, person: Person, prices: Prices, numbers: Numbers, began: int) -> None:
        self.person, self.prices, self.numbers, self.began = person, prices, numbers, began
        self.places = exponent(person.currency)
        self.balance = self.credit = NOTHING
        self.holdings: dict[int, Holding] = {}
        self.wishes: dict[int, Wish] = {}
        self.told: dict[tuple[Family, int], Row] = {}
        self.signals: list[Signal] = []
        self.closed_lots = self.lots_today = NOTHING
        self.deposited = NOTHING
        self.owed: tuple[Decimal, Decimal] | None = None
        self.alarm = self.margin_watch = 0
        self.standing: object = None

    # What a platform does in its own way.

    @abstractmethod
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
        """Trade at the market's price, if the margin allows; `wish` is the order that it was waiting as."""

    @abstractmethod
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
        """Close a trade, or a part of it, at the market's price or a better one that was asked for."""

    @abstractmethod
    def move(self, kind: str, amount: Decimal, at: int, comment: str) -> None:
        """Bring money or credit, or take it."""

    @abstractmethod
    def correct(self, at: int) -> bool:
        """Edit the trade that closed last: it brings a little less. Tell whether there was one."""

    @abstractmethod
    def delete(self, at: int) -> bool:
        """Take back the trade that closed last, as if it had never been. Tell whether there was one."""

    # What is the same on both.

    def entry(self, symbol: Symbol, side: Side, at: int) -> Decimal:
        """Return the price at which a trade of a side opens."""
        tick = self.prices.tick(symbol, at)
        return tick.ask if side == "buy" else tick.bid

    def leaving(self, holding: Holding, at: int) -> Decimal:
        """Return the price at which a trade would close."""
        return self.entry(holding.symbol, OTHER[holding.side], at)

    def profit(self, holding: Holding, lots: Decimal, price: Decimal, at: int) -> Decimal:
        """Return what so many lots of a trade bring at a price, in the account's money."""
        move = (price - holding.price) * SIGNS[holding.side]
        rate = self.prices.rate(holding.symbol.quote, self.person.currency, at, holding.side)
        return nearest(move * lots * holding.symbol.contract * rate, self.places)

    def money(self, amount: Decimal, currency: str, at: int) -> Decimal:
        """Return an amount in the account's money."""
        return nearest(amount * self.prices.rate(currency, self.person.currency, at), self.places)

    def share(self, amount: Decimal, part: Decimal, whole: Decimal) -> Decimal:
        """Return what falls on a part of a volume."""
        return amount if part == whole else nearest(amount * part / whole, self.places)

    def floating(self, at: int) -> Decimal:
        """Return what closing everything would bring, what it cost included where that is not booked yet."""
        held = self.holdings.values()
        return sum(
            (self.profit(one, one.lots, self.leaving(one, at), at) + one.swap + one.commission for one in held), NOTHING
        )

    def equity(self, at: int) -> Decimal:
        """Return what the account is worth."""
        return self.balance + self.credit + self.floating(at)

    def margin_of(self, symbol: Symbol, side: Side, lots: Decimal, price: Decimal, at: int) -> Decimal:
        """Return the margin of so many lots that stand alone."""
        forex = symbol.calculation == "forex"
        taken = (symbol.contract if forex else symbol.contract * price) / self.person.leverage * lots
        if forex and symbol.quote == self.person.currency:
            return nearest(taken * price, self.places)
        rate = self.prices.rate(symbol.base if forex else symbol.quote, self.person.currency, at, side)
        return nearest(taken * rate, self.places)

    def margin(self, at: int) -> Decimal:
        """Return the margin of all that is held; of lots that hedge each other, one of two counts."""
        by_symbol = defaultdict[str, list[Holding]](list)
        for one in self.holdings.values():
            by_symbol[one.symbol.name].append(one)
        return nearest(sum((self.margin_together(held, at) for held in by_symbol.values()), NOTHING), self.places)

    def margin_together(self, held: Sequence[Holding], at: int) -> Decimal:
        """Return the margin of what is held of a symbol."""
        legs = [[one for one in held if one.side == side] for side in SIGNS]
        (less, of_less), (more, of_more) = sorted(
            (
                sum((one.lots for one in leg), NOTHING),
                sum((self.margin_of(one.symbol, one.side, one.lots, one.price, at) for one in leg), NOTHING),
            )
            for leg in legs
        )
        if not less:
            return of_more
        return less * (of_more + of_less) / (more + less) + of_more * (more - less) / more

    def level(self, at: int) -> Decimal | None:
        """Return the margin level in percent, if anything is held."""
        margin = self.margin(at)
        return self.equity(at) / margin * 100 if margin else None

    def allows(self, symbol: Symbol, side: Side, lots: Decimal, at: int) -> bool:
        """Tell whether the free margin is enough for a trade, and its market open."""
        if not self.prices.open(symbol, at):
            return False
        needed = self.margin_of(symbol, side, lots, self.entry(symbol, side, at), at)
        return self.equity(at) - self.margin(at) >= needed * SPARE

    def place(
        self,
        symbol: Symbol,
        kind: OrderType,
        lots: Decimal,
        price: Decimal,
        at: int,
        *,
        stop: Decimal | None = None,
        target: Decimal | None = None,
    ) -> None:
        """Leave an order that waits."""
        wish = Wish(
            ticket=self.numbers.ticket(),
            symbol=symbol,
            kind=kind,
            lots=lots,
            price=price,
            stop=stop,
            target=target,
            placed_at=at,
        )
        self.wishes[wish.ticket] = wish
        self.tell_order(wish)

    def cancel(self, wish: Wish, at: int) -> None:
        """Give an order up."""
        del self.wishes[wish.ticket]
        self.tell_order(wish, "cancelled", at)

    def tell_order(
        self, wish: Wish, state: Literal["working", "filled", "cancelled"] = "working", at: int | None = None
    ) -> None:
        """Tell of an order that waits, or of its end."""
        self.told["order", wish.ticket] = OrderRow(
            number=self.person.number,
            ticket=wish.ticket,
            symbol=wish.symbol.name,
            type=wish.kind,
            lots=wish.lots,
            filled_lots=wish.lots if state == "filled" else NOTHING,
            contract_size=wish.symbol.contract,
            price=wish.price,
            stop_loss=wish.stop,
            take_profit=wish.target,
            state=state,
            reason={"working": "", "filled": "filled", "cancelled": "canceled"}[state],
            placed_at=moment(wish.placed_at),
            done_at=None if at is None else moment(at),
        )

    def stand(self) -> object:
        """Return what the margin depends on but prices."""
        held = [(one.ticket, one.lots, one.side, one.swap) for one in self.holdings.values()]
        return self.balance, self.credit, held

    def waiting(self) -> list[Holding | Wish]:
        """Return all that waits for a price."""
        return [*self.holdings.values(), *self.wishes.values()]

    def change(self, holding: Holding, *, stop: Decimal | None, target: Decimal | None) -> None:
        """Change the levels of a trade."""
        holding.stop, holding.target, holding.watched = stop, target, False

    def roll(self, holding: Holding, nights: int, at: int) -> None:
        """Book the swap of nights."""
        symbol = holding.symbol
        amount = symbol.swaps[holding.side].scaleb(-symbol.digits) * holding.lots * symbol.contract * nights
        holding.swap += self.money(amount, symbol.quote, at)

    def ended(self, holding: Holding, lots: Decimal) -> None:
        """Count lots that closed, and signal it; a trade of which nothing is left is no longer held."""
        self.signals.append(Signal(holding.ticket, False, holding.symbol, holding.side, lots / holding.lots))  # noqa: FBT003
        self.closed_lots += lots
        self.lots_today += lots

    def account(self, at: int) -> AccountRow:
        """Tell the account as it stands; MetaTrader 5 leaves swaps beside the floating result."""
        person, floating = self.person, self.floating(at)
        beside = NOTHING if person.platform == "mt4" else sum((one.swap for one in self.holdings.values()), NOTHING)
        return AccountRow(
            number=person.number,
            platform=person.platform,
            name=person.name,
            company=COMPANY,
            currency=person.currency,
            leverage=person.leverage,
            mode=person.mode if person.platform == "mt5" else None,
            group=person.group,
            agent=person.agent,
            balance=self.balance,
            credit=self.credit,
            equity=self.balance + self.credit + floating,
            margin=self.margin(at),
            floating=floating - beside,
            registered_at=moment(self.began),
            as_of=moment(at),
        )

    def opened(self, at: int) -> Iterator[OpenRow]:
        """Tell what is open."""
        for one in self.holdings.values():
            price = self.leaving(one, at)
            yield OpenRow(
                number=self.person.number,
                ticket=one.ticket,
                position=one.root,
                symbol=one.symbol.name,
                side=one.side,
                lots=one.lots,
                contract_size=one.symbol.contract,
                digits=one.symbol.digits,
                opened_at=moment(one.opened_at),
                open_price=one.price,
                current_price=price,
                stop_loss=one.stop,
                take_profit=one.target,
                commission=one.commission,
                swap=one.swap,
                profit=self.profit(one, one.lots, price, at),
                comment=one.comment,
            )
