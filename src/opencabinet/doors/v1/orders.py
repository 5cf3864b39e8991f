"""Orders: those that wait for their price, and how the others ended."""

from typing import Final, Self

from msgspec import Struct

from opencabinet import trades
from opencabinet.access import Function
from opencabinet.doors.holding import Lasting
from opencabinet.doors.v1.listing import Listing, listing, plain_receipt
from opencabinet.doors.v1.operation import Call, read
from opencabinet.doors.v1.query import LISTING, SYMBOL, one_of
from opencabinet.doors.v1.trades import instruments
from opencabinet.doors.v1.words import (
    BrokerTime,
    Figure,
    Size,
    Time,
    broker_time,
    broker_time_or_none,
    figure,
    figure_or_none,
    size,
    time,
    time_or_none,
)
from opencabinet.market import Instrument

STATE: Final = one_of(
    "state",
    ("working", "filled", "partial", "cancelled", "expired", "rejected"),
    "Only orders in this state.",
)


class Order(Struct, frozen=True, kw_only=True):
    """An order; `reason` is the platform's own word for its end. More types and states may come."""

    ticket: int
    symbol: str
    type: str
    volume: Size
    filled_lots: Figure
    price: Figure | None
    stop_loss: Figure | None
    take_profit: Figure | None
    state: str
    reason: str
    placed_at: Time
    placed_at_broker: BrokerTime
    done_at: Time | None
    done_at_broker: BrokerTime | None
    comment: str

    @classmethod
    def of(cls, order: trades.Order, instrument: Instrument | None) -> Self:
        """Say an order."""
        return cls(
            ticket=order.ticket,
            symbol=order.symbol,
            type=order.type.replace(" ", "_"),
            volume=size(order.lots, order.contract_size, instrument),
            filled_lots=figure(order.filled_lots),
            price=figure_or_none(order.price),
            stop_loss=figure_or_none(order.stop_loss),
            take_profit=figure_or_none(order.take_profit),
            state=order.state,
            reason=order.reason,
            placed_at=time(order.placed_at),
            placed_at_broker=broker_time(order.placed_at, order.placed_offset),
            done_at=time_or_none(order.done_at),
            done_at_broker=broker_time_or_none(order.done_at, order.done_offset),
            comment=order.comment,
        )


@read(
    "/accounts/{login}/orders",
    tag="orders",
    need=Function.ORDERS,
    held=Lasting.ROWS,
    answer=Listing[Order],
    parameters=(*LISTING, SYMBOL, STATE),
)
async def list_orders(call: Call) -> Listing[Order]:
    """List the orders placed within a period, working and ended ones, newest first.

    Where the owner has strangers see them with a delay, only those are listed that had ended then.
    """
    async with call.conn.snapshot():
        account = await call.view.account(call.conn, call.login)
        page = await trades.orders(call.conn, call.login, call.wanted(), call.query["state"])
        known = await instruments(call.conn, account, (order.symbol for order in page.rows))
    return listing(
        call,
        [Order.of(order, known.get(order.symbol)) for order in page.rows],
        account=account,
        receipt=plain_receipt([order.ticket for order in page.rows], account),
        next_key=page.next,
        time_field="placed",
    )
