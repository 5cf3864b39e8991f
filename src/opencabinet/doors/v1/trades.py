"""Open and closed trades."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final, Literal, Self

from msgspec import UNSET, Struct, UnsetType

from opencabinet import accounts, balances, market, trades
from opencabinet.access import Function, Hidden
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.doors.holding import Lasting
from opencabinet.doors.netted import delayed
from opencabinet.doors.priced import opened_now
from opencabinet.doors.v1.listing import Listing, listing, plain_receipt
from opencabinet.doors.v1.operation import Call, read
from opencabinet.doors.v1.percents import Percents
from opencabinet.doors.v1.problems import Invalid
from opencabinet.doors.v1.query import LISTING, LONGEST_NAME, SPOKEN, SYMBOL, Parameter, named, one_of
from opencabinet.doors.v1.words import (
    BrokerTime,
    Currency,
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
from opencabinet.trades import Trade
from opencabinet.valuations import Priced

TIME_FIELD: Final = one_of("time_field", ("open", "close"), "Which time lies within the period.", "close")
SIDE: Final = one_of("side", ("buy", "sell"), "Only trades of this side.")
COMMENT: Final = Parameter(
    name="comment",
    read=named("comment"),
    text="Only trades with this text in their comment, in any letter case; refused where comments are left out.",
    schema={"type": "string", "minLength": 1, "maxLength": LONGEST_NAME, "pattern": SPOKEN},
    example="deposit",
)


class OpenTrade(Struct, frozen=True, kw_only=True):
    """A trade that is open; `net` is profit with swap, commission and fee, in `currency`.

    `current_price` and `profit` are of `priced_at`: of the last quote, or as last reported where no newer price is
    known or it cannot be counted, and then `priced_reason` says why. `margin` is what the trade alone takes, null where
    nobody told how it is counted. `pips` is null where nobody told the digits of the symbol's prices. `net_percent` is
    as that of a closed trade.
    """

    position: int
    symbol: str
    side: Literal["buy", "sell"]
    volume: Size | UnsetType
    opened_at: Time
    opened_at_broker: BrokerTime
    open_price: Figure | UnsetType
    current_price: Figure
    priced_at: Time
    priced_reason: str | None
    stop_loss: Figure | None
    take_profit: Figure | None
    pips: Figure | None
    profit: Figure
    swap: Figure
    commission: Figure
    fee: Figure
    net: Figure
    net_percent: Figure | UnsetType | None = UNSET
    net_percent_reason: str | UnsetType | None = UNSET
    margin: Figure | None
    currency: Currency
    comment: str

    @classmethod
    def of(cls, found: Priced, account: Account, instrument: Instrument | None, percents: Percents) -> Self:
        """Say an open trade."""
        trade = found.trade
        return cls(
            priced_at=time(found.priced_at),
            priced_reason=found.reason,
            margin=figure_or_none(found.margin),
            opened_at=time(trade.opened_at),
            opened_at_broker=broker_time(trade.opened_at, trade.opened_offset),
            open_price=figure(trade.open_price),
            current_price=figure(trade.current_price),
            pips=pips(trade, trade.open_price, trade.current_price, instrument),
            **shared(trade, account.currency, instrument, percents),
        )


class ClosedTrade(Struct, frozen=True, kw_only=True):
    """A closing: a trade, or the part of one that was closed at once; `position` is what its parts have in common.

    The opening, and with it `pips`, is null where no report told it. `net` is profit with swap, commission and fee, in
    `currency`. `net_percent`, in percent of the account's balance, is given only where money is hidden.
    """

    ticket: int
    position: int
    symbol: str
    side: Literal["buy", "sell"]
    volume: Size
    opened_at: Time | None
    opened_at_broker: BrokerTime | None
    open_price: Figure | None
    closed_at: Time
    closed_at_broker: BrokerTime
    close_price: Figure
    stop_loss: Figure | None
    take_profit: Figure | None
    pips: Figure | None
    profit: Figure
    swap: Figure
    commission: Figure
    fee: Figure
    net: Figure
    net_percent: Figure | UnsetType | None = UNSET
    net_percent_reason: str | UnsetType | None = UNSET
    currency: Currency
    comment: str

    @classmethod
    def of(cls, trade: trades.ClosedTrade, account: Account, instrument: Instrument | None, percents: Percents) -> Self:
        """Say a closing."""
        return cls(
            ticket=trade.ticket,
            opened_at=time_or_none(trade.opened_at),
            opened_at_broker=broker_time_or_none(trade.opened_at, trade.opened_offset),
            open_price=figure_or_none(trade.open_price),
            closed_at=time(trade.closed_at),
            closed_at_broker=broker_time(trade.closed_at, trade.closed_offset),
            close_price=figure(trade.close_price),
            pips=pips(trade, trade.open_price, trade.close_price, instrument),
            **shared(trade, account.currency, instrument, percents),
        )


def shared(trade: Trade, currency: str, instrument: Instrument | None, percents: Percents) -> dict[str, Any]:
    """Return what both kinds of trade say in the same words."""
    net = trade.profit + trade.swap + trade.commission + trade.fee
    return {
        "position": trade.position,
        "symbol": trade.symbol,
        "side": trade.side,
        "volume": size(trade.lots, trade.contract_size, instrument),
        "stop_loss": figure_or_none(trade.stop_loss),
        "take_profit": figure_or_none(trade.take_profit),
        "profit": figure(trade.profit),
        "swap": figure(trade.swap),
        "commission": figure(trade.commission),
        "fee": figure(trade.fee),
        "net": figure(net),
        **percents.net(net),
        "currency": currency,
        "comment": trade.comment,
    }


def pips(trade: Trade, start: Decimal | None, end: Decimal, instrument: Instrument | None) -> str | None:
    """Return how many pips a trade won, where its instrument tells what a pip is."""
    if start is None or instrument is None:
        return None
    return figure(instrument.pips(start, end, trade.side).quantize(Decimal("0.1")))


async def instruments(conn: Connection, account: Account, symbols: Iterable[str]) -> dict[str, Instrument]:
    """Return what is known of symbols on the account's server."""
    home = await accounts.home(conn, account.login)
    return await market.instruments(conn, home.server, sorted(set(symbols))) if home else {}


@read(
    "/accounts/{login}/trades/open",
    tag="trades",
    need=Function.OPEN_TRADES,
    together=True,
    held=Lasting.NOW,
    answer=Listing[OpenTrade],
    parameters=(*LISTING, SYMBOL),
)
async def list_open(call: Call) -> Listing[OpenTrade]:
    """List the trades that are open and were opened within a period, newest first.

    Prices and results follow the server's quotes where those are newer than what it reported at `as_of`. Where the
    owner has strangers see them with a delay, those are listed that were open then, and nothing that was reported of
    them since: on a netting account neither volume nor opening price, which change with what is added to a position.
    """
    found = await opened_now(call.request, call.login, call.asked(), call.view)
    account, percents = found.account, Percents.of(found.account, call.view)
    rows = (OpenTrade.of(each, account, found.instruments.get(each.trade.symbol), percents) for each in found.trades)
    return listing(
        call,
        delayed(account, call.view, rows),
        account=account,
        receipt=plain_receipt([each.trade.position for each in found.trades], account),
        next_key=found.next,
        time_field="open",
    )


@read(
    "/accounts/{login}/trades/closed",
    tag="trades",
    need=Function.CLOSED_TRADES,
    held=Lasting.ROWS,
    answer=Listing[ClosedTrade],
    parameters=(*LISTING, TIME_FIELD, SYMBOL, SIDE, COMMENT),
)
async def list_closed(call: Call) -> Listing[ClosedTrade]:
    """List the trades that closed within a period, newest first.

    Each page brings its receipt: the balance right before its oldest trade and right after its newest, and what lies
    between. Pages that follow one another join without a gap, also while new trades come in.
    """
    wanted = call.wanted()
    if wanted.text and call.view.hides(Hidden.COMMENTS):
        raise Invalid("comment", "Comments are left out here.")
    async with call.conn.snapshot():
        account = await call.view.account(call.conn, call.login)
        page = await trades.closed(call.conn, call.login, wanted)
        receipt = await balances.of_trades(call.conn, call.login, wanted, page)
        known = await instruments(call.conn, account, (trade.symbol for trade in page.rows))
    percents = Percents.of(account, call.view)
    return listing(
        call,
        [ClosedTrade.of(trade, account, known.get(trade.symbol), percents) for trade in page.rows],
        account=account,
        receipt=receipt,
        next_key=page.next,
        time_field=wanted.time_field,
    )
