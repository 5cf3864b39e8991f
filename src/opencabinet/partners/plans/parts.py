"""What a partner earns by: the parts of a plan. Of rates and spreads the first that covers a trade holds.

Lots are counted as they closed, or in lots of `lot_units` units where a part says so. `share` is how much of a part is
paid, in percent: a hybrid is several parts, each with its share.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Annotated, Final, Literal, TypeVar

from msgspec import Meta, Struct

from opencabinet.partners.plans.figures import WHOLE, Chosen, Country, check
from opencabinet.partners.plans.terms import Term

MOST_RATES: Final = 200
"""Entries of any list of rates."""
MOST_STEPS: Final = 20


class Step(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The rate from so many lots a month on."""

    lots: Decimal
    rate: Decimal

    def __post_init__(self) -> None:
        check(self, "lots", above=Decimal(0))
        check(self, "rate")


class LotRate(Chosen, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Money for a lot, in the plan's currency; with steps, what the lots of the month before the trade have reached."""

    rate: Decimal
    steps: Annotated[tuple[Step, ...], Meta(max_length=MOST_STEPS)] = ()

    def __post_init__(self) -> None:
        check(self, "rate")
        lots = [step.lots for step in self.steps]
        if lots != sorted(set(lots)):
            raise ValueError("steps are in the order of their lots, each once")


class PipRate(Chosen, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """So many pips of what was traded."""

    pips: Decimal

    def __post_init__(self) -> None:
        check(self, "pips")


class Spread(Chosen, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The average spread, in points: one figure for all trades, whatever the spread was in their moment."""

    points: Decimal

    def __post_init__(self) -> None:
        check(self, "points")


class MarkupRate(Chosen, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is charged on top: points of the price, or money for a lot."""

    points: Decimal | None = None
    rate: Decimal | None = None

    def __post_init__(self) -> None:
        check(self, "points", "rate")
        if (self.points is None) == (self.rate is None):
            raise ValueError("either points or rate is given")


C = TypeVar("C", bound=Chosen)


def first(rates: Sequence[C], symbol: str, group: str) -> C | None:
    """Return the first of what is told that covers a symbol and a group."""
    return next((each for each in rates if each.covers(symbol, group)), None)


SOME: Final = Meta(min_length=1, max_length=MOST_RATES)


class Part(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"):
    """A way to earn, paid by its share."""

    share: Decimal = WHOLE

    def __post_init__(self) -> None:
        check(self, "share", most=WHOLE)

    def takes(self) -> Mapping[str, Decimal]:
        """Return how many percent of which revenue the part hands out; a part that pays fixed rates hands out none."""
        return {}

    def terms(self, symbol: str, group: str) -> tuple[Term, ...]:
        """Return what holds for trades of a symbol and a group: nothing, a term, or one for each step of a month."""
        del symbol, group
        return ()


class PerLot(Part, frozen=True, kw_only=True, tag="per_lot"):
    """Money for each lot, by symbols, groups and the month's lots."""

    rates: Annotated[tuple[LotRate, ...], SOME]
    lot_units: Decimal | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        check(self, "lot_units", above=Decimal(0))

    def terms(self, symbol: str, group: str) -> tuple[Term, ...]:
        """Return the rate of a lot, for each step of the month's lots."""
        found = first(self.rates, symbol, group)
        if found is None:
            return ()
        rates = [found.rate, *(step.rate for step in found.steps)]
        bounds = [None, *(step.lots for step in found.steps), None]
        return tuple(
            Term(
                kind="per_lot",
                share=self.share,
                rate=rate,
                lot_units=self.lot_units,
                reached=bounds[place],
                below=bounds[place + 1],
            )
            for place, rate in enumerate(rates)
        )


class Pips(Part, frozen=True, kw_only=True, tag="pips"):
    """The worth of so many pips of each trade, whether it won or lost."""

    rates: Annotated[tuple[PipRate, ...], SOME]

    def terms(self, symbol: str, group: str) -> tuple[Term, ...]:
        """Return how many pips are paid."""
        found = first(self.rates, symbol, group)
        return () if found is None else (Term(kind="pips", share=self.share, pips=found.pips),)


class SpreadShare(Part, frozen=True, kw_only=True, tag="spread_share"):
    """Percent of the average spread."""

    percent: Decimal
    spreads: Annotated[tuple[Spread, ...], SOME]

    def __post_init__(self) -> None:
        super().__post_init__()
        check(self, "percent", most=WHOLE)

    def takes(self) -> Mapping[str, Decimal]:
        """Return what it hands out of the spread."""
        return {"spread": self.percent * self.share / WHOLE}

    def terms(self, symbol: str, group: str) -> tuple[Term, ...]:
        """Return the average spread, and which part of it is paid."""
        found = first(self.spreads, symbol, group)
        if found is None:
            return ()
        return (Term(kind="spread_share", share=self.share, percent=self.percent, points=found.points),)


class CommissionShare(Part, frozen=True, kw_only=True, tag="commission_share"):
    """Percent of the commission that the client paid."""

    percent: Decimal

    def __post_init__(self) -> None:
        super().__post_init__()
        check(self, "percent", most=WHOLE)

    def takes(self) -> Mapping[str, Decimal]:
        """Return what it hands out of the commission."""
        return {"commission": self.percent * self.share / WHOLE}

    def terms(self, symbol: str, group: str) -> tuple[Term, ...]:
        """Return which part of the commission is paid."""
        del symbol, group
        return (Term(kind="commission_share", share=self.share, percent=self.percent),)


class Markup(Part, frozen=True, kw_only=True, tag="markup"):
    """Percent of what is charged on top of spread or commission; `most` is the most for a lot as it closed."""

    percent: Decimal = WHOLE
    rates: Annotated[tuple[MarkupRate, ...], SOME]
    lot_units: Decimal | None = None
    most: Decimal | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        check(self, "percent", most=WHOLE)
        check(self, "lot_units", above=Decimal(0))
        check(self, "most")

    def takes(self) -> Mapping[str, Decimal]:
        """Return what it hands out of the mark-up."""
        return {"markup": self.percent * self.share / WHOLE}

    def terms(self, symbol: str, group: str) -> tuple[Term, ...]:
        """Return what is charged on top, and which part of it is paid."""
        found = first(self.rates, symbol, group)
        if found is None:
            return ()
        term = Term(
            kind="markup",
            share=self.share,
            percent=self.percent,
            points=found.points,
            rate=found.rate,
            lot_units=self.lot_units,
            most=self.most,
        )
        return (term,)


class RevenueShare(Part, frozen=True, kw_only=True, tag="revenue_share"):
    """Percent of what the house made of the trade.

    `of` says of what: `revenue` is spread + commission + swap - bonus - fees, the spread being the average that is
    given here; `net_loss` is what the client lost, costs included. Where the house lost, `negative` says whether that
    is carried (the partner is charged the same percent) or counts as nothing.
    """

    percent: Decimal
    of: Literal["revenue", "net_loss"] = "revenue"
    spreads: Annotated[tuple[Spread, ...], Meta(max_length=MOST_RATES)] = ()
    negative: Literal["carried", "nothing"] = "nothing"

    def __post_init__(self) -> None:
        super().__post_init__()
        check(self, "percent", most=WHOLE)
        if self.spreads and self.of == "net_loss":
            raise ValueError("spreads have no place where the share is of the net loss")

    def takes(self) -> Mapping[str, Decimal]:
        """Return what it hands out; a client's loss holds the spread and the commission too."""
        percent = self.percent * self.share / WHOLE
        revenues = ("commission", *(["spread"] if self.spreads or self.of == "net_loss" else []))
        return dict.fromkeys((*revenues, "loss" if self.of == "net_loss" else "swap"), percent)

    def terms(self, symbol: str, group: str) -> tuple[Term, ...]:
        """Return of what, and which part of it, is paid; without an average spread what is told of none."""
        found = first(self.spreads, symbol, group)
        term = Term(
            kind="revenue_share",
            share=self.share,
            percent=self.percent,
            points=None if found is None else found.points,
            of=self.of,
            negative=self.negative,
        )
        return (term,)


class CpaRate(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Money for a client whose first deposit was at least so much, of some groups and countries, or of any."""

    amount: Decimal
    least_deposit: Decimal = Decimal(0)
    groups: Annotated[tuple[Annotated[str, Meta(min_length=1, max_length=64)], ...], Meta(max_length=200)] = ()
    countries: Annotated[tuple[Country, ...], Meta(max_length=250)] = ()

    def __post_init__(self) -> None:
        check(self, "amount", "least_deposit")


class Cpa(Part, frozen=True, kw_only=True, tag="cpa"):
    """Money once for a client who qualifies: of the rates that hold, the largest.

    The first deposit is all that came within 24 hours of the first. Lots and commission are counted until so many days
    after it. Sums are in the plan's currency, lots as they closed.
    """

    rates: Annotated[tuple[CpaRate, ...], SOME]
    least_lots: Decimal = Decimal(0)
    least_commission: Decimal = Decimal(0)
    within_days: Annotated[int, Meta(ge=1, le=3660)] = 365

    def __post_init__(self) -> None:
        super().__post_init__()
        check(self, "least_lots", "least_commission")

    @property
    def within(self) -> timedelta:
        """How long after the first deposit a client may qualify."""
        return timedelta(days=self.within_days)


AnyPart = PerLot | Pips | SpreadShare | CommissionShare | Markup | RevenueShare | Cpa
