"""Explanations as they are written: what a reward was worked out from, and what it came to.

Whoever reads one works it out anew from the figures told. What it came to (`values`, `own`, `given`, `capped`,
`amount`, `pip_value`, `reason`, `lacks`, `lines`) is for people. The checksum shows a careless edit; it is no secret.
"""

from collections.abc import Sequence
from decimal import Decimal
from hashlib import blake2b
from typing import Final

import msgspec
from msgspec import Raw, Struct

from opencabinet.kernel.ids import Login
from opencabinet.partners.plans.model import LONGEST, PLACES, BadExplanation, Line, Rate, Referred, Traded
from opencabinet.partners.plans.plan import Caps

FORM: Final = 1
"""How explanations are written now: older ones are read by the rules of theirs."""

MARK: Final = ',"checksum":"'
ENCODER: Final = msgspec.json.Encoder()


class Rounding(Struct, frozen=True):
    """How amounts are cut."""

    places: int = PLACES
    to: str = "down"


class Once(Struct, frozen=True, kw_only=True):
    """What is paid for a client once, and what they must have done for it: money is in the plan's currency."""

    amount: Decimal
    share: Decimal
    least_deposit: Decimal
    least_lots: Decimal
    least_commission: Decimal


class Explained(Struct, omit_defaults=True, kw_only=True):
    """A level: who, by which version of which plan, by which parts and caps, and what that came to.

    One who `is_client` is given nothing, for the trade is their own.

    `own` is what the partner's plan pays, in the currency that it counts in: the sum of `values`, one for each part.
    `given` is what falls to the level, in the currency of the direct partner's plan; `amount` that in the partner's
    currency, and what the cap of the name `capped` left of it. `lacks` says why a plan further up pays nothing.
    """

    login: Login
    level: int
    currency: str
    plan: str
    version: int
    is_client: bool = False
    counted_in: str | None = None
    rank: int | None = None
    parts: Sequence[Raw] | None = None
    month_lots: Decimal | None = None
    cpa: Once | None = None
    caps: Caps | None = None
    day_amount: Decimal | None = None
    month_amount: Decimal | None = None
    values: Sequence[Decimal] | None = None
    own: Decimal | None = None
    given: Decimal | None = None
    capped: str | None = None
    amount: Decimal | None = None
    lacks: str | None = None


class Explanation(Struct, omit_defaults=True, kw_only=True):
    """All of it, in the order in which people read it."""

    form: int
    trade: Traded | None = None
    client: Referred | None = None
    contract: Raw | None = None
    filters: Raw | None = None
    levels: Raw | None = None
    rebate: Decimal | None = None
    rungs: Sequence[Explained] = ()
    rates: Sequence[Rate] = ()
    rounding: Rounding
    reason: str | None = None
    lacks: str | None = None
    lines: Sequence[Line] = ()


def written(explanation: Explanation) -> str:
    """Return an explanation as text, with its checksum; without its results if it would be too long."""
    body = ENCODER.encode(explanation)
    if len(body) > LONGEST - 40:
        explanation.lines = ()
        for rung in explanation.rungs:
            rung.values = None
        body = ENCODER.encode(explanation)
    return body[:-1].decode() + MARK + checksum(body) + '"}'


def checksum(body: bytes) -> str:
    """Return the sum of an explanation without one."""
    return blake2b(body, digest_size=8).hexdigest()


def unsealed(text: str) -> bytes:
    """Return an explanation without its checksum.

    Raises:
        BadExplanation: if it is not as it was written.
    """
    inner, mark, rest = text.rpartition(MARK)
    body = (inner + "}").encode("utf-8", "replace")
    if not mark or rest != checksum(body) + '"}' or len(text) > LONGEST:
        raise BadExplanation
    return body
