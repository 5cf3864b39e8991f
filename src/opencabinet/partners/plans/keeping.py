"""Explanations as they are kept: in two pieces, for thousands of trades have all but figures in common.

What they have in common is their basis, kept once under a hash of it. The rest is told of each trade. Both together
are the explanation, whole.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from hashlib import blake2b
from typing import Any, Final, Literal

import msgspec
from msgspec import Raw, Struct, structs

from opencabinet.kernel.ids import Login
from opencabinet.partners.plans.explanation import ENCODER, FORM, Explained, Explanation, Once, Rounding, written
from opencabinet.partners.plans.model import Line, Rate, Referred, Traded
from opencabinet.partners.plans.plan import Caps

KEY_BYTES: Final = 16
ROUNDING: Final = Rounding()


class Level(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What holds at a level whatever the trade: by which version of which plan, and by which parts and caps of it."""

    level: int
    currency: str
    plan: str
    version: int
    counted_in: str | None = None
    rank: int | None = None
    parts: Sequence[Raw] | None = None
    cpa: Once | None = None
    caps: Caps | None = None


class Basis(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What many trades have in common."""

    contract: Any = None
    filters: Any = None
    levels: Any = None
    rebate: Decimal | None = None
    rungs: Sequence[Level] = ()


class Figures(Struct, omit_defaults=True):
    """Whose a level is, what they had before the trade where that is looked at, and what the trade came to."""

    login: Login
    is_client: bool = False
    month_lots: Decimal | None = None
    day_amount: Decimal | None = None
    month_amount: Decimal | None = None
    values: Sequence[Decimal] | None = None
    own: Decimal | None = None
    given: Decimal | None = None
    capped: str | None = None
    amount: Decimal | None = None
    lacks: str | None = None


class Told(Struct, omit_defaults=True, kw_only=True):
    """What is told of a trade, or of a client; `lines` only where they are not the amounts of the levels."""

    trade: Traded | None = None
    client: Referred | None = None
    rungs: Sequence[Figures] = ()
    rates: Sequence[Rate] = ()
    reason: str | None = None
    lacks: str | None = None
    lines: Sequence[Line] = ()


class KeptBasis(Struct, frozen=True):
    """A basis as it is kept: as text, under a key that no other has."""

    basis: Basis
    text: str
    key: str


class Kept(Struct, frozen=True):
    """An explanation as it is kept; without a basis if it came to none."""

    told: str
    basis: KeptBasis | None = None


class Working(Struct, frozen=True):
    """What a trade comes to, none of it zero, and why."""

    lines: tuple[Line, ...]
    told: Told
    basis: KeptBasis | None

    @property
    def explanation(self) -> str:
        """JSON text that `replay` works out anew."""
        return written(whole(self.told, self.basis.basis if self.basis else NO_BASIS))

    @property
    def kept(self) -> Kept:
        """The explanation as it is kept."""
        return Kept(ENCODER.encode(self.told).decode(), self.basis)


NO_BASIS: Final = Basis()
TOLD: Final = msgspec.json.Decoder(Told)
BASIS: Final = msgspec.json.Decoder(Basis)


def kept(basis: Basis) -> KeptBasis:
    """Return a basis as it is kept."""
    text = ENCODER.encode(basis)
    return KeptBasis(basis, text.decode(), blake2b(text, digest_size=KEY_BYTES).hexdigest())


def joined(told: str, basis: str | None) -> str:
    """Return an explanation whole that was kept in pieces; what tells of nothing is returned as it is."""
    found = TOLD.decode(told)
    if found.trade is None and found.client is None:
        return told
    return written(whole(found, BASIS.decode(basis) if basis else NO_BASIS))


def whole(told: Told, basis: Basis) -> Explanation:
    """Return an explanation as people read it."""
    rungs = list(zip(basis.rungs, told.rungs, strict=True))
    return Explanation(
        form=FORM,
        trade=told.trade,
        client=told.client,
        contract=basis.contract,
        filters=basis.filters,
        levels=basis.levels,
        rebate=basis.rebate,
        rungs=[Explained(**structs.asdict(level), **structs.asdict(figures)) for level, figures in rungs],
        rates=[*told.rates],
        rounding=ROUNDING,
        reason=told.reason,
        lacks=told.lacks,
        lines=told.lines if told.lines or told.reason else [*amounts(rungs, of_client=told.trade is None)],
    )


def amounts(rungs: Sequence[tuple[Level, Figures]], *, of_client: bool) -> Iterator[Line]:
    """Give the lines of levels that are given something."""
    kind: Literal["qualified", "commission"] = "qualified" if of_client else "commission"
    for level, figures in rungs:
        if figures.amount:
            yield Line(figures.login, level.level, kind, figures.amount, level.currency)
