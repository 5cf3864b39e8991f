"""How each function honours what the open level leaves out; what it cannot leave out, it refuses to strangers."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Final

from opencabinet.access.model import Function


class Part(StrEnum):
    """Something that the open level may leave out."""

    COMMENTS = "comments"
    VOLUMES = "volumes"
    MONEY = "money"
    DELAY = "what is newer than the delay"
    OPEN_TRADES = "open trades"
    SYMBOLS = "some symbols"


class Honoured(StrEnum):
    """What becomes of an answer where a part is left out."""

    UNTOUCHED = "untouched"
    """It tells nothing of it."""
    MEMBERS = "members"
    """The members that tell it are absent."""
    ROWS = "rows"
    """It is made of the other rows only, and members that tell it all the same are absent."""
    REFUSED = "refused"
    """It cannot be told without, so strangers are refused as where it is closed."""


UNTOUCHED, MEMBERS, ROWS, REFUSED = Honoured
PARTS: Final = tuple(Part)
PRIVATE: Final = (UNTOUCHED,) * len(PARTS)
"""Those need a credential, and who has one sees all."""


# comments, volumes, money, delay, open trades, symbols
TABLE: Final[Mapping[Function, tuple[Honoured, ...]]] = {
    Function.SUMMARY: (UNTOUCHED, MEMBERS, MEMBERS, ROWS, MEMBERS, ROWS),
    Function.BALANCE: (UNTOUCHED, UNTOUCHED, MEMBERS, ROWS, MEMBERS, REFUSED),
    Function.OPEN_TRADES: (MEMBERS, MEMBERS, MEMBERS, ROWS, REFUSED, ROWS),
    Function.CLOSED_TRADES: (MEMBERS, MEMBERS, MEMBERS, ROWS, UNTOUCHED, ROWS),
    Function.ORDERS: (MEMBERS, MEMBERS, UNTOUCHED, ROWS, REFUSED, ROWS),
    Function.CLOSED_LOTS: (UNTOUCHED, MEMBERS, MEMBERS, ROWS, UNTOUCHED, ROWS),
    Function.MOVEMENTS: (MEMBERS, UNTOUCHED, MEMBERS, ROWS, UNTOUCHED, MEMBERS),
    Function.BONUSES: (MEMBERS, MEMBERS, MEMBERS, REFUSED, MEMBERS, REFUSED),
    Function.STATISTICS: (UNTOUCHED, MEMBERS, MEMBERS, ROWS, MEMBERS, REFUSED),
    Function.COMMISSIONS: (MEMBERS, UNTOUCHED, MEMBERS, REFUSED, UNTOUCHED, REFUSED),
    Function.CLICKS: (UNTOUCHED, UNTOUCHED, UNTOUCHED, ROWS, UNTOUCHED, UNTOUCHED),
    Function.REFERRALS: PRIVATE,
    Function.PROMOTION: PRIVATE,
    Function.PAYOUTS: PRIVATE,
    Function.STATEMENT: PRIVATE,
    Function.AUTHORIZATIONS: PRIVATE,
    Function.PERSON: PRIVATE,
    Function.ACCESS: PRIVATE,
    Function.CHANGES: PRIVATE,
    Function.WEBHOOKS: PRIVATE,
}


def honoured(function: Function, part: Part) -> Honoured:
    """Return how a function honours that a part is left out; one that the table does not know cannot."""
    known = TABLE.get(function)
    return REFUSED if known is None else known[PARTS.index(part)]


def unshowable(function: Function, parts: Collection[Part]) -> list[Part]:
    """Return what of `parts` a function cannot be told without."""
    return [part for part in PARTS if part in parts and honoured(function, part) is REFUSED]
