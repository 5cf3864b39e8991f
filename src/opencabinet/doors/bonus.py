"""Bonus statistics, as the old wires know them."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Final, Self

from msgspec import Struct

from opencabinet import bonuses
from opencabinet.bonuses import Progress, State
from opencabinet.db import Connection
from opencabinet.doors.figures import NOTHING
from opencabinet.kernel.ids import Granted

STATE: Final[Mapping[State, int]] = {"none": 0, "owed": 1, "ready": 2, "released": 3, "cancelled": 4}
PLACES: Final = 8
"""Decimal places that lots and money are kept with."""


class BonusStatistic(Struct, frozen=True, kw_only=True):
    """How far an account is with its bonuses, as both wires tell it; lots are None where no rule says how many."""

    club: Decimal
    total: Decimal
    welcome: Decimal
    withdrawable: Decimal
    withdrawable_keeping_bonus: Decimal
    balance: Decimal
    equity: Decimal
    free_margin: Decimal
    state: int
    closed_lots: Decimal
    lots_required: Decimal | None
    missing_lots: Decimal | None

    @classmethod
    def of(cls, progress: Progress) -> Self:
        """Take from the bonuses what these wires tell; bonuses are those that are on the account still."""
        return cls(
            club=remaining(progress, "club"),
            total=progress.remaining,
            welcome=remaining(progress, "welcome"),
            withdrawable=round(progress.withdrawable, PLACES),
            withdrawable_keeping_bonus=round(progress.withdrawable_keeping_bonus, PLACES),
            balance=progress.account.balance,
            equity=progress.account.worth,
            free_margin=progress.free_margin,
            state=STATE[progress.state],
            closed_lots=round(progress.counted, PLACES),
            lots_required=None if progress.required is None else round(progress.required, PLACES),
            missing_lots=None if progress.left is None else round(progress.left, PLACES),
        )


EXAMPLE: Final = BonusStatistic(
    club=Decimal(0),
    total=Decimal(300),
    welcome=Decimal(300),
    withdrawable=Decimal(1065),
    withdrawable_keeping_bonus=Decimal(65),
    balance=Decimal(1065),
    equity=Decimal(1365),
    free_margin=Decimal(1365),
    state=1,
    closed_lots=Decimal(5),
    lots_required=Decimal(900),
    missing_lots=Decimal(895),
)


def remaining(progress: Progress, family: str) -> Decimal:
    """Return how much of the bonuses of a family is on the account."""
    families = {name: programme.family for name, programme in progress.programmes.items()}
    own = (grant for grant in progress.grants if families.get(grant.programme or "") == family)
    return sum((grant.remaining for grant in own), NOTHING)


async def bonus_statistic(conn: Connection, login: Granted, now: datetime) -> BonusStatistic:
    """Return how far an account is with its bonuses at the time `now`; the statements are made to be of one moment.

    Raises:
        NoSuchAccount: if there is none.
    """
    async with conn.snapshot():
        return BonusStatistic.of(await bonuses.progress(conn, login, now))
