"""What is answered, as Pydantic models."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, PlainSerializer
from pydantic.alias_generators import to_pascal

from bench.peers.words import figure, time

Figure = Annotated[Decimal, PlainSerializer(figure, return_type=str)]
Time = Annotated[datetime, PlainSerializer(time, return_type=str)]


class Balance(BaseModel):
    """The account's money."""

    login: int
    balance: Figure
    credit: Figure
    equity: Figure
    equity_reported: bool
    floating: Figure | None
    margin: Figure
    free_margin: Figure
    margin_level: Figure | None
    reasons: dict[str, str]
    currency: str
    complete: bool
    priced_at: Time
    as_of: Time
    as_of_broker: str


class Size(BaseModel):
    """How much was traded."""

    lots: Figure
    units: Figure
    contract_size: Figure
    standard_lots: Figure
    reason: str | None = None


class OpenTrade(BaseModel):
    """A trade that is open."""

    position: int
    symbol: str
    side: str
    volume: Size
    opened_at: Time
    opened_at_broker: str
    open_price: Figure
    current_price: Figure
    priced_at: Time
    priced_reason: str | None
    stop_loss: Figure | None
    take_profit: Figure | None
    pips: Figure | None = None
    profit: Figure
    swap: Figure
    commission: Figure
    fee: Figure
    net: Figure
    margin: Figure | None = None
    currency: str
    comment: str


class PageInfo(BaseModel):
    """Where a page stands."""

    next_cursor: str | None = None
    has_more: bool = False
    limit: int = 100


class Interval(BaseModel):
    """The period that was read."""

    model_config = ConfigDict(validate_by_name=True, alias_generator=lambda name: {"since": "from"}.get(name, name))

    since: Time | None = None
    to: Time | None = None
    time_field: str


class Receipt(BaseModel):
    """Shows that the rows are whole."""

    count: int
    first_id: int | None
    last_id: int | None
    opening_balance: Figure | None = None
    movements: Figure | None = None
    results: Figure | None = None
    costs: Figure | None = None
    closing_balance: Figure | None = None
    currency: str
    complete: bool
    reason: str | None = None


class OpenTrades(BaseModel):
    """A page of open trades."""

    data: list[OpenTrade]
    page: PageInfo
    period: Interval
    receipt: Receipt
    as_of: Time


class Traded(BaseModel):
    """What trades add up to."""

    trades: int
    lots: Figure
    profit: Figure
    swap: Figure
    costs: Figure
    net: Figure


class Moved(BaseModel):
    """What movements of a kind add up to."""

    kind: str
    movements: int
    amount: Figure


class Summary(BaseModel):
    """An account at a glance."""

    login: int
    period: Interval
    balance: Balance
    open: Traded
    closed: Traded
    moved: list[Moved]
    receipt: Receipt
    as_of: Time


class Legacy(BaseModel):
    """What the legacy wire answers."""

    model_config = ConfigDict(alias_generator=to_pascal, validate_by_name=True)


class LegacyBalance(Legacy):
    """An account's money."""

    login: int
    balance: float
    equity: float
    margin: float
    free_margin: float
    currency: str


class LegacyOpenTrade(Legacy):
    """An open trade."""

    ticket: int
    login: int
    symbol: str
    type: int
    volume: float
    open_time: int
    open_price: float
    current_price: float
    sl: float
    tp: float
    swaps: float
    profit: float
    digits: int
    comment: str | None


class LegacySummary(Legacy):
    """An account's money and trades."""

    balance: float
    equity: float
    margin: float
    free_margin: float
    profit: float
    currency: str
    leverage: int
    current_trades_count: int
    current_trades_volume: float
    total_trades_count: int
    total_trades_volume: float
