"""What a batch did to trades and orders, as their events tell it; `told` is the kind of event."""

from datetime import datetime
from decimal import Decimal

from msgspec import Struct

from opencabinet.kernel.ids import Login


class Opened(Struct, frozen=True):
    """An open trade."""

    login: Login
    told: str
    position: int
    symbol: str
    side: str
    lots: Decimal
    open_price: Decimal
    stop_loss: Decimal | None
    take_profit: Decimal | None
    opened_at: datetime


class Closing(Struct, frozen=True):
    """A closing; `net` is what it brought, costs included."""

    login: Login
    told: str
    ticket: int
    position: int
    symbol: str
    side: str
    lots: Decimal
    open_price: Decimal | None
    close_price: Decimal
    opened_at: datetime | None
    closed_at: datetime
    profit: Decimal
    swap: Decimal
    commission: Decimal
    fee: Decimal
    net: Decimal


class Ordered(Struct, frozen=True):
    """An order."""

    login: Login
    told: str
    ticket: int
    symbol: str
    type: str
    lots: Decimal
    price: Decimal | None
    state: str
