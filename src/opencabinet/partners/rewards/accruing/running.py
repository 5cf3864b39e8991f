"""What partners had in the month and on the day before a trade, for tiers and caps: read once, then counted on."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Final

from opencabinet.db import Connection
from opencabinet.kernel.ids import Login
from opencabinet.partners.plans import Line
from opencabinet.partners.rewards.accruing import store
from opencabinet.partners.rewards.accruing.directory import Ladder

MOST_KEPT: Final = 200_000
"""Months and days that are remembered; then all are forgotten, once nothing is on its way."""
NOTHING: Final = Decimal(0)
Key = tuple[Login, date]


class Running:
    """Lots and amount of months, and the amount of days, by partner: right as long as nobody else writes lines."""

    def __init__(self) -> None:
        self.months: dict[Key, list[Decimal]] = {}
        self.days: dict[Key, list[Decimal]] = {}

    async def read(self, conn: Connection, keys: Iterable[Key]) -> None:
        """Learn of the days of partners, and of their months, what is not known yet."""
        days = [key for key in set(keys) if key not in self.days]
        if not days:
            return
        for key, amount in (await store.days(conn, days)).items():
            self.days[key] = [amount]
        months = [key for key in {(login, day.replace(day=1)) for login, day in days} if key not in self.months]
        if months:
            self.months.update(await store.months(conn, months))

    def of(self, ladder: Ladder, day: date) -> list[tuple[list[Decimal], list[Decimal]]]:
        """Return what each level of a ladder had in the month and on the day, to be counted on."""
        month = day.replace(day=1)
        return [(self.months[stage.login, month], self.days[stage.login, day]) for stage in ladder]

    def count(self, logins: Iterable[Login], day: date, lots: Decimal) -> None:
        """Count a trade on for the partners who are paid for it."""
        month = day.replace(day=1)
        for login in logins:
            self.months[login, month][0] += lots

    def add(self, lines: Iterable[Line], day: date, *, gone: bool = False) -> None:
        """Add what partners are given; a rebate is the client's, and what is `gone` comes in on no day."""
        month = day.replace(day=1)
        for line in lines:
            if line.kind != "rebate":
                self.months[line.login, month][1] += line.amount
                self.days[line.login, day][0] += NOTHING if gone else line.amount

    def trim(self) -> None:
        """Forget all if it has become too much; what was worked out must have been kept before."""
        if len(self.months) + len(self.days) > MOST_KEPT:
            self.months.clear()
            self.days.clear()
