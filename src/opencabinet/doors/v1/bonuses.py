"""Bonuses, and the lots that turn them into money."""

from collections.abc import Iterable
from typing import Self

from msgspec import Struct

from opencabinet import bonuses
from opencabinet.access import Function
from opencabinet.bonuses import Closed, Ending, Grant, Progress, Standing
from opencabinet.doors.holding import Lasting
from opencabinet.doors.v1.operation import Call, read
from opencabinet.doors.v1.words import (
    BrokerTime,
    Currency,
    Figure,
    Time,
    broker_time,
    figure,
    figure_or_none,
    time,
    time_or_none,
)


class Bonus(Struct, frozen=True, kw_only=True):
    """Credit that was given, known by the ticket of its movement, and what became of it."""

    ticket: int
    programme: str | None
    amount: Figure
    cancelled: Figure
    released: Figure
    remaining: Figure
    granted_at: Time
    granted_at_broker: BrokerTime
    comment: str

    @classmethod
    def of(cls, grant: Grant) -> Self:
        """Say a bonus."""
        return cls(
            ticket=grant.id,
            programme=grant.programme,
            amount=figure(grant.amount),
            cancelled=figure(grant.cancelled),
            released=figure(grant.released),
            remaining=figure(grant.remaining),
            granted_at=time(grant.granted_at),
            granted_at_broker=broker_time(grant.granted_at, grant.granted_offset),
            comment=grant.comment,
        )


class Taken(Struct, frozen=True, kw_only=True):
    """Credit that was taken: `cancelled`, or `released` as money.

    `bonuses` says how much of which, by ticket; `unexplained` is what no known bonus can have been.
    """

    ticket: int
    kind: str
    amount: Figure
    unexplained: Figure
    bonuses: dict[str, Figure]
    ended_at: Time
    ended_at_broker: BrokerTime
    comment: str

    @classmethod
    def of(cls, ending: Ending) -> Self:
        """Say an ending."""
        return cls(
            ticket=ending.id,
            kind=ending.kind,
            amount=figure(ending.amount),
            unexplained=figure(ending.unexplained),
            bonuses={str(ticket): figure(amount) for ticket, amount in ending.grants.items()},
            ended_at=time(ending.ended_at),
            ended_at_broker=broker_time(ending.ended_at, ending.ended_offset),
            comment=ending.comment,
        )


class SymbolLots(Struct, frozen=True, kw_only=True):
    """Trades of a symbol that closed: in the server's lots, and in those of the programme."""

    symbol: str
    contract_size: Figure | None
    trades: int
    lots: Figure
    programme_lots: Figure | None

    @classmethod
    def of(cls, closed: Closed) -> Self:
        """Say what closed of a symbol."""
        return cls(
            symbol=closed.symbol,
            contract_size=figure_or_none(closed.contract_size),
            trades=closed.trades,
            lots=figure(closed.lots),
            programme_lots=figure_or_none(closed.programme_lots),
        )


class NotCounted(Struct, frozen=True, kw_only=True):
    """Trades that do not count, for one reason; more reasons may come."""

    reason: str
    text: str
    trades: int
    closed: list[SymbolLots]


class Programme(Struct, frozen=True, kw_only=True):
    """How far the account is under a programme. Lots are the programme's, of `lot_units` units.

    `required` is null where the programme has no rule for the account's currency; `arithmetic` is the sum that gives
    it, over all bonuses ever received, cancelled ones among them. `forecast_at` is when the lots will have closed if
    trading goes on as it did.
    """

    name: str
    title: str
    state: str
    received: Figure
    cancelled: Figure
    released: Figure
    remaining: Figure
    bonuses_counted: Figure
    lot_units: Figure
    required_lots: Figure | None
    arithmetic: str
    counted_since: Time
    counted_lots: Figure
    left_lots: Figure | None
    counted: list[SymbolLots]
    not_counted: list[NotCounted]
    forecast_at: Time | None

    @classmethod
    def of(cls, standing: Standing, progress: Progress) -> Self:
        """Say how far a programme is."""
        return cls(
            name=standing.programme.name,
            title=standing.programme.title,
            state=standing.state,
            received=figure(standing.received),
            cancelled=figure(standing.cancelled),
            released=figure(standing.released),
            remaining=figure(standing.remaining),
            bonuses_counted=figure(standing.bonuses),
            lot_units=figure(standing.programme.lot_units),
            required_lots=figure_or_none(standing.required),
            arithmetic=standing.arithmetic,
            counted_since=time(standing.since),
            counted_lots=figure(standing.counted),
            left_lots=figure_or_none(standing.left),
            counted=closed(each for each in standing.closed if not each.reason),
            not_counted=[
                NotCounted(reason=each.reason, text=each.text, trades=each.trades, closed=closed(each.closed))
                for each in standing.not_counted()
            ],
            forecast_at=time_or_none(standing.forecast(progress.now)),
        )


class Bonuses(Struct, frozen=True, kw_only=True):
    """The bonuses of an account: what was given and taken, and how far each programme is.

    `complete` tells whether the rows known add up to the credit that the server reports.
    """

    login: int
    state: str
    received: Figure
    cancelled: Figure
    released: Figure
    remaining: Figure
    required_lots: Figure | None
    counted_lots: Figure
    left_lots: Figure | None
    withdrawable: Figure
    withdrawable_keeping_bonus: Figure
    currency: Currency
    programmes: list[Programme]
    granted: list[Bonus]
    taken: list[Taken]
    complete: bool
    as_of: Time

    @classmethod
    def of(cls, progress: Progress) -> Self:
        """Say all of it."""
        return cls(
            login=progress.account.login,
            state=progress.state,
            received=figure(progress.received),
            cancelled=figure(progress.cancelled),
            released=figure(progress.released),
            remaining=figure(progress.remaining),
            required_lots=figure_or_none(progress.required),
            counted_lots=figure(progress.counted),
            left_lots=figure_or_none(progress.left),
            withdrawable=figure(progress.withdrawable),
            withdrawable_keeping_bonus=figure(progress.withdrawable_keeping_bonus),
            currency=progress.account.currency,
            programmes=[Programme.of(each, progress) for each in progress.standings],
            granted=[Bonus.of(each) for each in progress.grants],
            taken=[Taken.of(each) for each in progress.endings],
            complete=progress.complete,
            as_of=time(progress.account.as_of),
        )


def closed(rows: Iterable[Closed]) -> list[SymbolLots]:
    """Say what closed, by symbol."""
    return [SymbolLots.of(each) for each in rows]


@read("/accounts/{login}/bonuses", tag="bonuses", need=Function.BONUSES, held=Lasting.NOW, answer=Bonuses)
async def show_bonuses(call: Call) -> Bonuses:
    """Show the bonuses of an account, and the lots that turn them into money.

    For each programme: what was received, cancelled and released, the lots it requires and how they come about, the
    closed lots that count, those that do not with the reason, and what is left.
    """
    async with call.conn.snapshot():
        return Bonuses.of(await bonuses.progress(call.conn, call.login, call.now))
