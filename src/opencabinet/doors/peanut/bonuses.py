"""Bonus statistics, as Peanut says them."""

from datetime import UTC, datetime
from typing import Final, Self

from litestar import Response
from litestar.di import NamedDependency
from msgspec import Raw, Struct

from opencabinet.access import Function
from opencabinet.db import Connection
from opencabinet.doors import bonus
from opencabinet.doors.bonus import BonusStatistic, bonus_statistic
from opencabinet.doors.peanut.session import account_method
from opencabinet.doors.peanut.wire import Dialect, Serving, answer
from opencabinet.doors.view import View
from opencabinet.kernel.ids import Granted


class Bonuses(Struct, frozen=True, rename="camel"):
    """The bonuses that are on the account."""

    club_bonus: Raw
    total_bonus: Raw
    welcome_bonus: Raw


class Money(Struct, frozen=True, rename="camel"):
    """What can be withdrawn, and of what."""

    available_to_withdraw: Raw
    available_to_withdraw_without_losing_bonus: Raw
    balance: Raw
    equity: Raw
    free_margin: Raw


class Lots(Struct, frozen=True, rename="camel"):
    """How far the bonuses are; required and missing lots are null where no rule says how many."""

    bonus_state: int
    closed_lots: Raw
    lots_required: Raw | None
    missing_lots: Raw | None


class Statistic(Struct, frozen=True, rename="camel"):
    """Bonus statistics, their members in the order they are written."""

    bonuses: Bonuses
    summary: Money
    trade: Lots

    @classmethod
    def of(cls, found: BonusStatistic, dialect: Dialect) -> Self:
        """Say how far an account is with its bonuses in the words of the wire."""
        say = dialect.number
        return cls(
            Bonuses(say(found.club), say(found.total), say(found.welcome)),
            Money(
                say(found.withdrawable),
                say(found.withdrawable_keeping_bonus),
                say(found.balance),
                say(found.equity),
                say(found.free_margin),
            ),
            Lots(
                found.state,
                say(found.closed_lots),
                dialect.optional(found.lots_required),
                dialect.optional(found.missing_lots),
            ),
        )


EXAMPLE: Final = Statistic.of(bonus.EXAMPLE, Dialect.OF_2023)


@account_method("GetBonusStatistic", need=Function.BONUSES, example=EXAMPLE)
async def read_bonuses(
    conn: NamedDependency[Connection],
    granted: NamedDependency[Granted],
    serving: NamedDependency[Serving],
    view: NamedDependency[View],
) -> Response[bytes]:
    """Read the bonuses on the account, the lots that turn them into money, and what can be withdrawn."""
    found = await bonus_statistic(conn, granted, datetime.now(UTC))
    return answer(Statistic.of(found, serving.dialect), view=view)
