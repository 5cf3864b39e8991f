"""The rules by which credit is a bonus, and what was given and taken under them."""

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from opencabinet.kernel.ids import Ticket
from opencabinet.kernel.problem import Malformed, Overloaded, Unknown

Name = Annotated[str, Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
Text = Annotated[str, Meta(min_length=1, max_length=100)]
Pattern = Annotated[str, Meta(pattern=r"[^\s*]", max_length=64)]
Currency = Annotated[str, Meta(pattern=r"^[A-Z][A-Z0-9]{2,7}$")]
MOST: Final = 1000
"""Entries of any list in a programme."""


class BadProgramme(Malformed):
    """The programmes cannot be read, so none of them was kept."""


class NoSuchProgramme(Unknown):
    """There is no such programme."""


class TooManyBonuses(Overloaded):
    """The account has more credit rows than are counted in one go."""


class Programme(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which credit is a bonus, and how many lots must close for it to become money.

    `comments` are patterns of the credit row's comment, and `percent` is the bonus as a share of the deposit before it;
    either makes a row one of this programme, comments first. `base` says whether all bonuses of the account are
    added up or only the programme's own; `factors` what the sum is multiplied by, for each account currency that has a
    rule. A lot of the programme has `lot_units` units.
    """

    name: Name
    place: Annotated[int, Meta(ge=0, le=32_767)] = 0
    title: Text
    family: Literal["welcome", "club", "other"] = "other"
    kinds: Annotated[tuple[Literal["credit", "bonus"], ...], Meta(min_length=1, max_length=2)] = ("credit", "bonus")
    comments: Annotated[tuple[Pattern, ...], Meta(max_length=MOST)] = ()
    percent: Decimal | None = None
    base: Literal["all", "own"] = "all"
    lots_per_unit: Decimal
    lot_units: Decimal = Decimal(10_000)
    factors: Annotated[Mapping[Currency, Decimal], Meta(min_length=1, max_length=MOST)]
    counts_from: Literal["first_bonus", "last_bonus", "ever"] = "first_bonus"
    symbols_left_out: Annotated[tuple[Pattern, ...], Meta(max_length=MOST)] = ()
    least_seconds: Annotated[int, Meta(ge=0, le=10**9)] = 0
    withdrawal: Literal["keeps_profit", "cancels"] = "keeps_profit"

    def __post_init__(self) -> None:
        for figure in (self.percent, self.lots_per_unit, self.lot_units, *self.factors.values()):
            if figure is not None and not 0 < figure < 10**12:
                raise ValueError("percent, lots_per_unit, lot_units and factors are above zero")

    def named_by(self, comment: str) -> bool:
        """Whether a comment holds one of the patterns as words of its own; `*` in a pattern stands for anything."""
        return any(matcher(r"(?<!\w)", each, r"(?!\w)").search(comment) for each in self.comments)

    def leaves_out(self, symbol: str) -> bool:
        """Whether trades of a symbol never count."""
        return any(matcher(r"\A", each, r"\Z").search(symbol) for each in self.symbols_left_out)

    def lots(self, lots: Decimal, contract_size: Decimal) -> Decimal:
        """How many lots of the programme so many lots of a contract size are."""
        return lots * contract_size / self.lot_units


def matcher(start: str, pattern: str, end: str) -> re.Pattern[str]:
    """Return what finds a pattern between a start and an end, whatever its case.

    What a `*` has passed over is never tried again: the first place where the next words stand is as good as any, and
    no pattern can cost more than the square of a comment's length.
    """
    parts = [re.escape(part) for part in pattern.split("*")]
    first, *rest = [*parts[:-1], parts[-1] + end]
    return re.compile(start + first + "".join(f"(?>.*?{part})" for part in rest), re.IGNORECASE | re.DOTALL)


class Grant(Struct, frozen=True, kw_only=True):
    """A bonus that was given, known by the ticket of its movement, and what became of it."""

    id: Ticket
    granted_at: datetime
    granted_offset: int
    amount: Decimal
    comment: str
    programme: str | None
    cancelled: Decimal = Decimal(0)
    released: Decimal = Decimal(0)

    @property
    def remaining(self) -> Decimal:
        """What of it is still on the account."""
        return self.amount - self.cancelled - self.released


class Ending(Struct, frozen=True, kw_only=True):
    """Credit that was taken: cancelled, or released as money. `grants` says how much of which bonus.

    `unexplained` is what no bonus that we know of can have been.
    """

    id: Ticket
    ended_at: datetime
    ended_offset: int
    kind: Literal["cancelled", "released"]
    amount: Decimal
    comment: str
    grants: Mapping[Ticket, Decimal]
    unexplained: Decimal
