"""How far an account is under a programme: what is required, what counts, what does not and why, and what is left."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Final, Literal

from msgspec import Struct

from opencabinet.bonuses.model import Grant, Programme
from opencabinet.kernel.money import plain
from opencabinet.trades.lots import Lots

State = Literal["none", "owed", "ready", "released", "cancelled"]
Reason = Literal["before_bonus", "symbol_left_out", "unknown_contract_size", "held_too_short"]

REASONS: Final[Mapping[Reason, str]] = {
    "before_bonus": "It closed before the bonus came.",
    "symbol_left_out": "The programme leaves the symbol out.",
    "unknown_contract_size": "Nobody told how many units a lot of the symbol has.",
    "held_too_short": "It was held for less than the programme asks, or nobody told how long.",
}

LONGEST_WAIT: Final = 100 * 365 * 86_400
"""Seconds: what takes longer is no forecast."""


class Closed(Struct, frozen=True, kw_only=True):
    """Trades of a symbol that closed, in the lots of their contract size and in those of the programme.

    They count if there is no `reason` why they do not.
    """

    symbol: str
    contract_size: Decimal | None
    trades: int
    lots: Decimal
    programme_lots: Decimal | None
    reason: Reason | None


class NotCounted(Struct, frozen=True):
    """Trades that do not count for one reason."""

    reason: Reason
    text: str
    trades: int
    closed: Sequence[Closed]


class Short(Struct, frozen=True):
    """Trades of a symbol that were held too short."""

    symbol: str
    contract_size: Decimal | None
    trades: int
    lots: Decimal


class Standing(Struct, frozen=True, kw_only=True):
    """An account under one programme. Lots are the programme's; amounts are in the account's currency.

    `bonuses` is what the rule adds up, cancelled ones among it; `received`, `cancelled`, `released` and `remaining` are
    of the programme's own bonuses. `factor` is None where the programme has no rule for the currency.
    """

    programme: Programme
    currency: str
    bonuses: Decimal
    factor: Decimal | None
    since: datetime
    received: Decimal
    cancelled: Decimal
    released: Decimal
    closed: Sequence[Closed]

    @property
    def remaining(self) -> Decimal:
        """What of the programme's bonuses is still on the account."""
        return self.received - self.cancelled - self.released

    @property
    def required(self) -> Decimal | None:
        """How many lots must close for all of it, None where the programme has no rule for the currency."""
        return None if self.factor is None else self.bonuses * self.programme.lots_per_unit * self.factor

    @property
    def counted(self) -> Decimal:
        """How many of the closed lots count."""
        return sum((each.programme_lots or Decimal(0) for each in self.closed if not each.reason), Decimal(0))

    @property
    def left(self) -> Decimal | None:
        """How many lots must still close: none once nothing is on the account."""
        if not self.remaining:
            return Decimal(0)
        return None if self.required is None else max(self.required - self.counted, Decimal(0))

    @property
    def state(self) -> State:
        """Owed until the lots have closed, then ready to be released, in full; else how it ended."""
        if self.remaining:
            return "ready" if self.left == 0 else "owed"
        return "released" if self.released else "cancelled"

    @property
    def arithmetic(self) -> str:
        """The sum that gives the required lots, in words."""
        if self.factor is None or self.required is None:
            return f"The programme has no rule for accounts in {self.currency}."
        factors = (self.bonuses, self.programme.lots_per_unit, self.factor)
        return f"{' × '.join(map(plain, factors))} = {plain(self.required)}"

    def not_counted(self) -> list[NotCounted]:
        """Return the trades that do not count, by the reason."""
        found = sorted((each for each in self.closed if each.reason), key=lambda each: str(each.reason))
        groups = [(reason, list(rows)) for reason, rows in groupby(found, lambda each: each.reason) if reason]
        return [NotCounted(reason, REASONS[reason], sum(row.trades for row in rows), rows) for reason, rows in groups]

    def forecast(self, now: datetime) -> datetime | None:
        """Return when the lots will have closed if it goes on as it did, None where that cannot be told."""
        if self.state != "owed" or not self.left or not self.counted or now <= self.since:
            return None
        passed = (now - self.since) // timedelta(seconds=1)
        wait = int(passed * self.left / self.counted)
        return now + timedelta(seconds=wait) if wait < LONGEST_WAIT else None


def standing(
    programme: Programme, grants: Sequence[Grant], currency: str, since: datetime, closed: Sequence[Closed]
) -> Standing:
    """Return how far an account with these bonuses is under a programme."""
    own = [grant for grant in grants if grant.programme == programme.name]
    return Standing(
        programme=programme,
        currency=currency,
        bonuses=sum((grant.amount for grant in based(programme, grants)), Decimal(0)),
        factor=programme.factors.get(currency),
        since=since,
        received=sum((grant.amount for grant in own), Decimal(0)),
        cancelled=sum((grant.cancelled for grant in own), Decimal(0)),
        released=sum((grant.released for grant in own), Decimal(0)),
        closed=closed,
    )


def based(programme: Programme, grants: Sequence[Grant]) -> list[Grant]:
    """Return the bonuses that a programme adds up."""
    return [grant for grant in grants if programme.base == "all" or grant.programme == programme.name]


def weighed(
    programme: Programme,
    before: Sequence[Lots],
    after: Sequence[Lots],
    short: Sequence[Short],
    sizes: Mapping[str, Decimal],
) -> Iterator[Closed]:
    """Give all that closed, what counts parted from what does not.

    `sizes` are the contract sizes that the market knows, for trades that do not tell their own.
    """
    briefly = {(each.symbol, each.contract_size): each for each in short}
    for row in before:
        yield weigh(programme, row, sizes, "before_bonus")
    for row in after:
        held = briefly.get((str(row.symbol), row.contract_size))
        if held is None or programme.leaves_out(str(row.symbol)):
            yield weigh(programme, row, sizes)
            continue
        yield weigh(programme, held, sizes, "held_too_short")
        if row.trades > held.trades:
            rest = Short(held.symbol, held.contract_size, row.trades - held.trades, row.lots - held.lots)
            yield weigh(programme, rest, sizes)


def weigh(
    programme: Programme, row: Lots | Short, sizes: Mapping[str, Decimal], reason: Reason | None = None
) -> Closed:
    """Return trades with their lots in the programme's, and why they do not count if they do not."""
    symbol = str(row.symbol)
    size = sizes.get(symbol) if row.contract_size is None else row.contract_size
    if reason is None and programme.leaves_out(symbol):
        reason = "symbol_left_out"
    return Closed(
        symbol=symbol,
        contract_size=size,
        trades=row.trades,
        lots=row.lots,
        programme_lots=None if size is None else programme.lots(row.lots, size),
        reason=reason or ("unknown_contract_size" if size is None else None),
    )
