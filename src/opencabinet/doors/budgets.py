"""Budgets of reads: so many units a minute for each caller, counted in this process. A request is never queued."""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from math import ceil
from typing import Final

from msgspec import Struct

from opencabinet.kernel.problem import Throttled

WINDOW_SECONDS: Final = 60
KEPT: Final = 50_000
"""Callers whose spending is known, in each budget. Whoever falls out begins anew, as after a minute's rest."""
CREDENTIAL, NETWORK, ACCOUNT = "credential", "network", "open_account"
Key = Hashable


class Rates(Struct, frozen=True, kw_only=True):
    """How many units a minute there are, of which each of `processes` gives its share."""

    credential: int = 600
    network: int = 300
    account: int = 1200
    processes: int = 1

    def share(self, workers: int) -> "Rates":
        """Return what each of so many processes gives."""
        return Rates(
            credential=max(self.credential // workers, 1),
            network=max(self.network // workers, 1),
            account=max(self.account // workers, 1),
            processes=workers,
        )

    def of(self, rate: int | None) -> int:
        """Return what a credential has here, whose own `rate` all processes give together if it has one."""
        return self.credential if rate is None else max(rate // self.processes, 1)


class Standing(Struct, frozen=True, kw_only=True):
    """What is left of a quota, and after how many seconds of rest all of it is there again."""

    name: str
    quota: int
    left: int
    resets_in: int


class Budget:
    """A token bucket for each of many callers: a minute's quota at once, then as it comes back, evenly."""

    def __init__(self, name: str, quota: int, clock: Callable[[], float] = time.monotonic, kept: int = KEPT) -> None:
        self.name = name
        self.quota = quota
        self.clock = clock
        self.kept = kept
        self._known: OrderedDict[Key, tuple[float, float, int]] = OrderedDict()

    def __contains__(self, key: Key) -> bool:
        return key in self._known

    def __len__(self) -> int:
        return len(self._known)

    def take(self, key: Key, cost: int, quota: int | None = None) -> Standing:
        """Spend so many units of a caller, and return what is left.

        The quota may be another than the budget's: told once, it is remembered.

        Raises:
            Throttled: if they are not left; then nothing is spent.
        """
        now = self.clock()
        left, quota = self._left(key, now, quota)
        cost = min(cost, quota)
        if left < cost:
            self._keep(key, left, now, quota)
            raise Throttled(max(ceil((cost - left) * WINDOW_SECONDS / quota), 1))
        self._keep(key, left - cost, now, quota)
        return self._standing(left - cost, quota)

    def give_back(self, key: Key, cost: int) -> None:
        """Give units back that were spent."""
        now = self.clock()
        left, quota = self._left(key, now)
        self._keep(key, min(left + min(cost, quota), quota), now, quota)

    def forget(self, key: Key) -> None:
        """Know a caller no longer."""
        self._known.pop(key, None)

    def standing(self, key: Key) -> Standing:
        """Return what is left for a caller."""
        return self._standing(*self._left(key, self.clock()))

    def _standing(self, left: float, quota: int) -> Standing:
        resets_in = ceil((quota - left) * WINDOW_SECONDS / quota)
        return Standing(name=self.name, quota=quota, left=int(left), resets_in=resets_in)

    def _left(self, key: Key, now: float, told: int | None = None) -> tuple[float, int]:
        """Return what is left for a caller, and of which quota."""
        known = self._known.get(key)
        if known is None:
            quota = told or self.quota
            return float(quota), quota
        left, at, quota = known
        quota = told or quota
        left += (now - at) * quota / WINDOW_SECONDS
        return min(left, quota), quota

    def _keep(self, key: Key, left: float, now: float, quota: int) -> None:
        self._known[key] = left, now, quota
        self._known.move_to_end(key)
        if len(self._known) > self.kept:
            self._known.popitem(last=False)


class Budgets:
    """The budgets of a process: of those who show a credential, of networks, and of each open account's public."""

    def __init__(self, rates: Rates, clock: Callable[[], float] = time.monotonic) -> None:
        self.rates = rates
        self.credential = Budget(CREDENTIAL, rates.credential, clock)
        self.network = Budget(NETWORK, rates.network, clock)
        self.account = Budget(ACCOUNT, rates.account, clock)
