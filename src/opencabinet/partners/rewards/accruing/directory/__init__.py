"""Who is paid for whose trades, and by which plan: the ladder of a partner, as it held at a moment."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from msgspec import Struct

from opencabinet.db import Connection
from opencabinet.kernel.ids import Login
from opencabinet.partners import plans, programme
from opencabinet.partners.plans import Plan, Version
from opencabinet.partners.plans.parts import LotRate, PerLot
from opencabinet.partners.programme import Dated, Tree
from opencabinet.partners.rewards.accruing.directory import store
from opencabinet.partners.rewards.accruing.model import NOBODY, Dates, Epoch, Meanwhile, Since

DEFAULT: Final = "default"
"""The plan of partners who were given none."""
NONE: Final = "none"
UNKEPT: Final = 0
"""What partners without any plan are paid by: nothing, as a version that is none of a plan's."""
MOST_LADDERS: Final = 100_000
"""Ladders that are remembered; then all are forgotten."""


class Stage(Struct, frozen=True):
    """A partner of a ladder: their currency, their plan and its version, and whether the operator holds their lines.

    One who `is_client` is given nothing.
    """

    login: Login
    currency: str
    plan: Plan
    version: int
    held: bool
    is_client: bool = False


Ladder = tuple[Stage, ...]


class Directory:
    """The programme as it is known: it is read whole, and out of date once its epoch is another."""

    def __init__(
        self,
        epoch: Epoch,
        parents: Sequence[Dated],
        followed: Iterable[Dated],
        versions: Mapping[str, Sequence[Version]],
        currencies: Mapping[Login, str],
        inactive: set[Login],
        recalculations: Mapping[int, Mapping[str, Plan]],
    ) -> None:
        self.epoch = epoch
        self._tree = Tree(parents)
        self._versions = versions
        self._currencies = currencies
        self._inactive = inactive
        self._recalculations = recalculations
        by_login = defaultdict[Login, list[Since]](list)
        for row in followed:
            by_login[row.login].append(Since(row.login, row.since, row.value))
        self._followed = {login: Dates(theirs) for login, theirs in by_login.items()}
        moments = {row.since for row in parents} | {row.since for rows in by_login.values() for row in rows}
        self._moments = sorted(moments | {each.since for kept in versions.values() for each in kept})
        self._ladders: dict[tuple[Login, int, frozenset[Login]], tuple[Ladder, Ladder]] = {}

    def ladder(self, partner: Login, at: datetime, own: frozenset[Login] = NOBODY) -> Ladder:
        """Return a partner and those above whom they let earn, as it was at a moment, each with their plan of then.

        Those of `own` are the client.

        Raises:
            Meanwhile: if one of them was enrolled since the programme was read.
        """
        return self._ladder(partner, at, own)[0]

    def whole(self, partner: Login, at: datetime, own: frozenset[Login] = NOBODY) -> Ladder:
        """Return a partner and all above as they were at a moment, each with their plan of then."""
        return self._ladder(partner, at, own)[1]

    def _ladder(self, partner: Login, at: datetime, own: frozenset[Login]) -> tuple[Ladder, Ladder]:
        key = (partner, bisect_right(self._moments, at), own)
        if (found := self._ladders.get(key)) is None:
            if len(self._ladders) >= MOST_LADDERS:
                self._ladders.clear()
            whole = tuple(self._stage(each, at, is_client=each in own) for each in self._tree.chain(partner, at))
            found = self._ladders[key] = (whole[: whole[0].plan.levels.depth], whole)
        return found

    def holds(self, login: Login) -> bool:
        """Whether the operator holds what a partner is given: one who is suspended, or has left."""
        return login in self._inactive

    def plan(self, name: str, version: int) -> Plan | None:
        """Return the plan that a working was made by, by its name and version; None if there is none."""
        if version < 0:
            return self._recalculations.get(-version, {}).get(name)
        return next((each.plan for each in self._versions.get(name, ()) if each.version == version), None)

    def _stage(self, login: Login, at: datetime, *, is_client: bool) -> Stage:
        if login not in self._currencies:
            raise Meanwhile("Somebody was enrolled.")
        currency, held = self._currencies[login], login in self._inactive
        followed = self._followed.get(login)
        name = (followed.at(at) if followed else None) or DEFAULT
        if version := plans.valid(self._versions, name, at):
            return Stage(login, currency, version.plan, version.version, held, is_client)
        return Stage(login, currency, nothing(currency), UNKEPT, held, is_client)


def nothing(currency: str) -> Plan:
    """Return the plan that pays nothing."""
    return Plan(name=NONE, currency=currency, parts=(PerLot(rates=(LotRate(rate=Decimal(0)),)),))


async def read(conn: Connection) -> Directory:
    """Read the programme; the epoch first, so that what changes meanwhile makes it out of date."""
    return Directory(
        await store.epoch(conn),
        await programme.parents(conn),
        await programme.plans(conn),
        await plans.versions(conn),
        await store.currencies(conn),
        await store.inactive(conn),
        await store.recalculated(conn),
    )
