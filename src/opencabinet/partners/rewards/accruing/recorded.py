"""What an explanation says that a trade was worked out with, so that a correction is worked out with the same."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

import msgspec
from msgspec import Struct

from opencabinet.kernel.ids import Login
from opencabinet.partners.plans import Kept, Line, Rate
from opencabinet.partners.rewards.accruing.model import Known

NOTHING: Final = Decimal(0)
REMOVED: Final = Kept('{"reason":"removed"}')
"""The explanation of a trade that is no more."""


class Level(Struct, frozen=True):
    """A level as it was: by which version of which plan, and what was before the trade, where that was looked at.

    One who `is_client` was given nothing.
    """

    login: Login
    currency: str
    plan: str
    version: int
    is_client: bool = False
    month_lots: Decimal | None = None
    month_amount: Decimal | None = None
    day_amount: Decimal | None = None


class Trade(Struct, frozen=True):
    """When the trade had closed, and how many lots."""

    closed_at: datetime
    lots: Decimal


class Contract(Struct, frozen=True):
    """How many units a lot was."""

    contract_size: Decimal | None = None


class Recorded(Struct, frozen=True):
    """What is read of an explanation."""

    trade: Trade | None = None
    contract: Contract = Contract()
    rungs: tuple[Level, ...] = ()
    rates: tuple[Rate, ...] = ()
    lines: tuple[Line, ...] = ()

    def level(self, login: Login) -> Level | None:
        """Return the level that was a partner's, None if they had none."""
        return next((rung for rung in self.rungs if rung.login == login), None)

    def quoted(self) -> Mapping[tuple[str, str], Rate]:
        """Return the rates by their currencies."""
        return {(rate.base, rate.quote): rate for rate in self.rates}


DECODER: Final = msgspec.json.Decoder(Recorded)


class Past(Struct, frozen=True):
    """The workings of a trade until now: the last one, and what the trade was last worked out with."""

    last: Known
    recorded: Recorded
    everybody: frozenset[Login]
    """Whoever may have lines of it."""
    moments: frozenset[datetime]
    """When it closed, as was said from time to time."""

    @property
    def gone(self) -> bool:
        """Whether the trade was no more."""
        return self.last.why == "removed"


def past(workings: Sequence[Known]) -> Past:
    """Return what the workings of a trade say, given in the order of their revisions."""
    told = [DECODER.decode(each.explanation) for each in workings]
    real = [each for each in told if each.rungs]
    everybody = {rung.login for each in told for rung in each.rungs} | {workings[-1].login}
    return Past(
        workings[-1],
        real[-1] if real else Recorded(),
        frozenset(everybody | {line.login for each in told for line in each.lines}),
        frozenset(each.closed_at for each in workings),
    )
