"""What feeds of trading servers say, in our words, before it belongs to an account.

`number` is the account's number on its server. Times are moments in UTC; amounts are in the account's currency, volumes
in lots, costs negative. A row is the newest that is known of its key: it replaces what was told of that key before.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, Literal

from msgspec import Struct, field

from opencabinet.ingest.model import OrderState, OrderType, Platform, Side
from opencabinet.kernel.problem import Conflict, Malformed, Unknown

Direction = Literal["in", "out", "in/out", "out by", ""]
Family = Literal["deal", "trade", "position", "order", "account"]
"""What numbers the keys of a server: an MT4 ticket is a trade, an order or a movement by turns."""
State = Literal["loading", "live", "stale", "failing"]
NOTHING: Final = Decimal(0)


class AccountRow(Struct, frozen=True, kw_only=True, tag_field="row", tag="account"):
    """An account as its server reports it; what it does not tell is None.

    `registered_at` is when the server made it: one that is later than what is known of `number` is another account.
    `group` and `agent` (the number of who brought it) are those of now.
    """

    number: int
    platform: Platform
    name: str = ""
    company: str = ""
    currency: str
    leverage: int | None = None
    mode: Literal["hedging", "netting"] | None = None
    group: str = ""
    agent: int | None = None
    balance: Decimal | None = None
    credit: Decimal | None = None
    equity: Decimal | None = None
    margin: Decimal | None = None
    floating: Decimal | None = None
    registered_at: datetime | None = None
    as_of: datetime


class DealRow(Struct, frozen=True, kw_only=True, tag_field="row", tag="deal"):
    """A deal of MetaTrader 5. Trades are rebuilt from deals, and movements are those whose `type` is no trade.

    `type` and `reason` are the platform's words (buy, sell, balance, buy canceled …; client, rollover …).
    `lots_closed` is the part of it that closed and `position_price` what that had been opened at, if the server tells.
    """

    number: int
    deal: int
    order: int | None = None
    position: int | None = None
    symbol: str = ""
    type: str
    direction: Direction = ""
    lots: Decimal = NOTHING
    lots_closed: Decimal | None = None
    contract_size: Decimal | None = None
    digits: int | None = None
    price: Decimal | None = None
    position_price: Decimal | None = None
    stop_loss: Decimal | None = None
    take_profit: Decimal | None = None
    dealt_at: datetime
    commission: Decimal = NOTHING
    fee: Decimal = NOTHING
    swap: Decimal = NOTHING
    profit: Decimal = NOTHING
    comment: str = ""
    reason: str = ""


class Traded(Struct, frozen=True, kw_only=True):
    """What closed and open trades have in common; `position` groups the parts of one trade, the ticket unless told."""

    number: int
    ticket: int
    position: int | None = None
    symbol: str
    side: Side
    lots: Decimal
    contract_size: Decimal | None = None
    digits: int
    stop_loss: Decimal | None = None
    take_profit: Decimal | None = None
    commission: Decimal = NOTHING
    fee: Decimal = NOTHING
    swap: Decimal = NOTHING
    profit: Decimal
    comment: str = ""


class ClosedRow(Traded, frozen=True, kw_only=True, tag_field="row", tag="closed"):
    """A closed trade, or a part of one, of a server that tells trades rather than deals."""

    opened_at: datetime | None
    open_price: Decimal | None
    closed_at: datetime
    close_price: Decimal


class OpenRow(Traded, frozen=True, kw_only=True, tag_field="row", tag="open"):
    """A trade that is open, as it stands."""

    opened_at: datetime
    open_price: Decimal
    current_price: Decimal


class OrderRow(Struct, frozen=True, kw_only=True, tag_field="row", tag="order"):
    """An order, working or ended; `reason` is the platform's own word for its end."""

    number: int
    ticket: int
    symbol: str
    type: OrderType
    lots: Decimal
    filled_lots: Decimal = NOTHING
    contract_size: Decimal | None = None
    price: Decimal | None = None
    stop_loss: Decimal | None = None
    take_profit: Decimal | None = None
    state: OrderState
    reason: str = ""
    placed_at: datetime
    done_at: datetime | None = None
    comment: str = ""


class MovementRow(Struct, frozen=True, kw_only=True, tag_field="row", tag="movement"):
    """Money in or out of a server that tells trades rather than deals; `kind` is the platform's word."""

    number: int
    ticket: int
    kind: str
    amount: Decimal
    moved_at: datetime
    comment: str = ""


class InstrumentRow(Struct, frozen=True, kw_only=True, tag_field="row", tag="instrument"):
    """What can be traded, and how its profit, margin and swap are counted (`market.Instrument` says it in full)."""

    symbol: str
    digits: int
    contract_size: Decimal | None = None
    base_currency: str | None = None
    profit_currency: str | None = None
    margin_currency: str | None = None
    calculation: str | None = None
    tick_size: Decimal | None = None
    tick_value: Decimal | None = None
    margin_initial: Decimal | None = None
    margin_rate: Decimal | None = None
    margin_hedged: Decimal | None = None
    swap_mode: str | None = None
    swap_long: Decimal | None = None
    swap_short: Decimal | None = None
    swap_triple_day: int | None = None


class QuoteRow(Struct, frozen=True, kw_only=True, tag_field="row", tag="quote"):
    """A price: what a seller gets (`bid`) and a buyer pays (`ask`), from `quoted_at` on."""

    symbol: str
    bid: Decimal
    ask: Decimal
    quoted_at: datetime


class GoneRow(Struct, frozen=True, kw_only=True, tag_field="row", tag="gone"):
    """A row that its server has deleted, by what numbers it."""

    family: Family
    key: int


class Ready(Struct, frozen=True, gc=False):
    """A row of some kind that was checked as it was read, and of which nothing is made but what COPY reads.

    `key` is what numbers it. Its cells stand in the order of the columns that it is staged in; where the minutes belong
    that a clock is ahead at a time, that time stands once more.
    """

    kind: type[Struct]
    key: int
    cells: tuple[str, ...]


Row = AccountRow | DealRow | ClosedRow | OpenRow | OrderRow | MovementRow | InstrumentRow | QuoteRow | GoneRow
Told = Row | Ready


class Batch(Struct, frozen=True, kw_only=True):
    """Rows of a server that count together or not at all, and how far its feed has come with them.

    `whole` names what is told completely: open positions or working orders of this server that are not among the rows
    are no more. `as_of` is up to when the feed has told all. What is `bulk` is told of by one event for each account.
    Who sends many such batches may explain balances by `reconcile` or `close` at their end: `reconciled_later`.
    Deals of a `first` load are kept by themselves: `close` makes the closings of their accounts once all are there.
    """

    server: str
    rows: Sequence[Told] = ()
    cursor: Mapping[str, Any] = field(default_factory=dict)
    as_of: datetime | None = None
    whole: frozenset[Literal["open", "working"]] = frozenset()
    bulk: bool = False
    first: bool = False
    reconciled_later: bool = False


class Applied(Struct, frozen=True, kw_only=True):
    """What became of a batch: rows told, of them new and changed, gone, and waiting for their account."""

    rows: int = 0
    new: int = 0
    changed: int = 0
    gone: int = 0
    parked: int = 0
    accounts: int = 0


class FeedRefused(Malformed):
    """A row cannot be kept, so nothing of its batch was."""


class OtherFeed(Conflict):
    """The rows of this server come by another feed."""


class NoSuchFeed(Unknown):
    """The server is not known as one that a feed tells of."""
