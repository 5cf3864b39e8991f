"""How what a trade earns is shared between the partner who referred the client and those above.

The plan of the direct partner says how. A partner's place is the rank that their own plan names, else the level: 0 for
the direct partner, 1 for the one above. Whoever's place is not above that of all below is given nothing.
"""

from decimal import Decimal
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from opencabinet.partners.plans.figures import WHOLE, check, check_each
from opencabinet.partners.plans.terms import Term

MOST_LEVELS: Final = 10
Percents = Annotated[tuple[Decimal, ...], Meta(min_length=1, max_length=MOST_LEVELS)]
Unspent = Literal["house", "up"]


class Sharing(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="family"):
    """A way of sharing between at most `depth` levels, the direct partner's counted."""

    depth: Annotated[int, Meta(ge=1, le=MOST_LEVELS)] = MOST_LEVELS


class Difference(Sharing, frozen=True, kw_only=True, tag="difference"):
    """Each is given what their own plan pays, less the most that a plan below pays: together the dearest plan's."""


class Cascade(Sharing, frozen=True, kw_only=True, tag="cascade"):
    """Each hands on a percent of what they got, the direct partner the first; the last percent holds for all above."""

    shares: Percents

    def __post_init__(self) -> None:
        check_each("shares", self.shares, most=WHOLE)


class Pot(Sharing, frozen=True, kw_only=True, tag="pot"):
    """A fixed sum for a lot, divided in percents by place; what no place below holds is the house's, or goes up."""

    amount: Decimal
    lot_units: Decimal | None = None
    percents: Percents
    unspent: Unspent = "house"

    def __post_init__(self) -> None:
        check(self, "amount")
        check(self, "lot_units", above=Decimal(0))
        check_each("percents", self.percents, together=WHOLE)

    def terms(self) -> tuple[Term, ...]:
        """Return what the pot holds for a lot."""
        return (Term(kind="pot", share=WHOLE, rate=self.amount, lot_units=self.lot_units),)


class Percent(Sharing, frozen=True, kw_only=True, tag="percent"):
    """What the direct partner's plan counts, as shares of revenue, divided in percents by place."""

    percents: Percents
    unspent: Unspent = "house"

    def __post_init__(self) -> None:
        check_each("percents", self.percents, together=WHOLE)


class Added(Sharing, frozen=True, kw_only=True, tag="added"):
    """All that the direct partner's plan pays is the direct partner's, and those above are paid on top.

    The first of `amounts` (money for a lot as it closed) and of `percents` (of what the direct partner earns) is for
    the level above the direct partner. All levels together get at most `most` for a lot: who is further up goes short.
    """

    amounts: Annotated[tuple[Decimal, ...], Meta(max_length=MOST_LEVELS)] = ()
    percents: Annotated[tuple[Decimal, ...], Meta(max_length=MOST_LEVELS)] = ()
    most: Decimal

    def __post_init__(self) -> None:
        check_each("amounts", self.amounts)
        check_each("percents", self.percents, most=WHOLE)
        check(self, "most")


Levels = Difference | Cascade | Pot | Percent | Added
