"""Words and figures of a plan, each within bounds, and patterns of what it speaks of."""

from decimal import Decimal
from typing import Annotated, Final

from msgspec import Meta, Struct

Name = Annotated[str, Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
Currency = Annotated[str, Meta(pattern=r"^[A-Z][A-Z0-9]{2,7}$")]
Country = Annotated[str, Meta(pattern=r"^[A-Z]{2}$")]
Pattern = Annotated[str, Meta(min_length=1, max_length=64)]
Patterns = Annotated[tuple[Pattern, ...], Meta(max_length=200)]

PLACES: Final = 8
"""Decimal places of a figure, at most."""

LARGEST_EXPONENT: Final = 9
"""Of a figure that is written as a power of ten: a nought may be written with any."""

AMOUNT: Final = Decimal(10**9)
"""Money, lots, units, pips and points of a plan are never more."""

WHOLE: Final = Decimal(100)
"""Percent of a whole."""


def check(
    owner: Struct, *members: str, least: Decimal = Decimal(0), most: Decimal = AMOUNT, above: Decimal | None = None
) -> None:
    """See that figures lie between bounds and have at most eight decimal places; one that is None does.

    Raises:
        ValueError: for one that does not; it names the member.
    """
    for member in members:
        figure = getattr(owner, member)
        if figure is not None:
            check_figure(member, figure, least, most, above)


def check_each(
    member: str, figures: tuple[Decimal, ...], *, most: Decimal = AMOUNT, together: Decimal | None = None
) -> None:
    """See that each figure of a list lies between zero and a bound, and that all together do not exceed another.

    Raises:
        ValueError: if not; it names the member.
    """
    for figure in figures:
        check_figure(member, figure, Decimal(0), most, None)
    if together is not None and sum(figures) > together:
        raise ValueError(f"{member} are together at most {together}")


def check_figure(member: str, figure: Decimal, least: Decimal, most: Decimal, above: Decimal | None) -> None:
    """See that a figure lies between bounds; a figure of a million digits costs no more than another.

    Raises:
        ValueError: if not; it names the member.
    """
    if not figure.is_finite() or not least <= figure <= most or (above is not None and figure <= above):
        low = f"above {above}" if above is not None else f"at least {least}"
        raise ValueError(f"{member} is {low} and at most {most}")
    if not -PLACES <= int(figure.as_tuple().exponent) <= LARGEST_EXPONENT:
        raise ValueError(f"{member} has at most {PLACES} decimal places")


def fits(pattern: str, text: str) -> bool:
    """Whether a text is what a pattern says, in any letter case; `*` stands for anything.

    The pieces between stars are looked for once each, from left to right: no pattern costs more than the text is long.
    """
    first, *rest = pattern.casefold().split("*")
    text = text.casefold()
    if not rest:
        return text == first
    if not text.startswith(first):
        return False
    place = len(first)
    for piece in rest[:-1]:
        place = text.find(piece, place)
        if place < 0:
            return False
        place += len(piece)
    return len(text) - place >= len(rest[-1]) and text.endswith(rest[-1])


def which(patterns: tuple[str, ...], text: str) -> str | None:
    """Return the first pattern that a text fits, None if it fits none."""
    return next((each for each in patterns if fits(each, text)), None)


class Chosen(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What holds for some symbols and some groups of accounts: for all of them where none are named."""

    symbols: Patterns = ()
    groups: Patterns = ()

    def covers(self, symbol: str, group: str) -> bool:
        """Whether it holds for a symbol and a group."""
        return (not self.symbols or which(self.symbols, symbol) is not None) and (
            not self.groups or which(self.groups, group) is not None
        )
