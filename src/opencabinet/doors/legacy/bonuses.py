"""Bonus statistics, as the legacy wire says them."""

from datetime import UTC, datetime
from typing import Final, Self

from litestar import Response
from litestar.di import NamedDependency
from msgspec import Raw, Struct

from opencabinet.access import Function
from opencabinet.db import Connection
from opencabinet.doors import bonus
from opencabinet.doors.bonus import BonusStatistic, bonus_statistic
from opencabinet.doors.figures import number
from opencabinet.doors.holding import Lasting
from opencabinet.doors.legacy.wire import answer
from opencabinet.doors.method import method
from opencabinet.doors.view import View
from opencabinet.kernel.ids import Granted


class Bonuses(Struct, frozen=True, rename="pascal"):
    """The bonuses that are on the account."""

    club_bonus: Raw
    total_bonus: Raw
    welcome_bonus: Raw


class Money(Struct, frozen=True, rename="pascal"):
    """What can be withdrawn, and of what."""

    available_to_withdraw: Raw
    available_to_withdraw_without_losing_bonus: Raw
    balance: Raw
    equity: Raw
    free_margin: Raw


class Lots(Struct, frozen=True, rename="pascal"):
    """How far the bonuses are; required and missing lots are null where no rule says how many."""

    bonus_state: int
    closed_lots: Raw
    lots_required: Raw | None
    missing_lots: Raw | None


class Statistic(Struct, frozen=True, rename="pascal"):
    """Bonus statistics, their members in the order they are written."""

    bonuses: Bonuses
    summary: Money
    trade: Lots

    @classmethod
    def of(cls, found: BonusStatistic) -> Self:
        """Say how far an account is with its bonuses in the words of the wire."""
        required, missing = found.lots_required, found.missing_lots
        return cls(
            Bonuses(number(found.club), number(found.total), number(found.welcome)),
            Money(
                number(found.withdrawable),
                number(found.withdrawable_keeping_bonus),
                number(found.balance),
                number(found.equity),
                number(found.free_margin),
            ),
            Lots(
                found.state,
                number(found.closed_lots),
                None if required is None else number(required),
                None if missing is None else number(missing),
            ),
        )


EXAMPLE: Final = Statistic.of(bonus.EXAMPLE)


@method(
    "GET",
    "client/RequestBonusStatistic/{login}",
    "client/RequestBonusStatistics/{login}",
    need=Function.BONUSES,
    held=Lasting.NOW,
    example=EXAMPLE,
)
async def read_bonuses(
    conn: NamedDependency[Connection], granted: NamedDependency[Granted], view: NamedDependency[View]
) -> Response[bytes]:
    """Read the bonuses on the account, the lots that turn them into money, and what can be withdrawn."""
    return answer(Statistic.of(await bonus_statistic(conn, granted, datetime.now(UTC))), view=view)
