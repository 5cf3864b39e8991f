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
    """How many units a minute there are."""

    credential: int = 600
    network: int = 300
    account: int = 1200

    def share(self, workers: int) -> "Rates":
        """Return what each of so many processes gives."""
        return Rates(
            credential=max(self.credential // workers, 1),
            network=max(self.network // workers, 1),
            account=max(self.account // workers, 1),
        )


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
        self._known: OrderedDict[Key, tuple[float, float]] = OrderedDict()

    def __contains__(self, key: Key) -> bool:
        return key in self._known

    def __len__(self) -> int:
        return len(self._known)

    def take(self, key: Key, cost: int, quota: int | None = None) -> None:
        """Spend so many units of a caller, whose quota may be another than the budget's.

        Raises:
            Throttled: if they are not left; then nothing is spent.
        """
        quota = quota or self.quota
        cost = min(cost, quota)
        left = self._left(key, quota)
        if left < cost:
            raise Throttled(max(ceil((cost - left) * WINDOW_SECONDS / quota), 1))
        self._keep(key, left - cost)

    def give_back(self, key: Key, cost: int, quota: int | None = None) -> None:
        """Give units back that were spent."""
        quota = quota or self.quota
        self._keep(key, min(self._left(key, quota) + min(cost, quota), quota))

    def forget(self, key: Key) -> None:
        """Know a caller no longer."""
        self._known.pop(key, None)

    def standing(self, key: Key, quota: int | None = None) -> Standing:
        """Return what is left for a caller."""
        quota = quota or self.quota
        left = self._left(key, quota)
        resets_in = ceil((quota - left) * WINDOW_SECONDS / quota)
        return Standing(name=self.name, quota=quota, left=int(left), resets_in=resets_in)

    def _left(self, key: Key, quota: int) -> float:
        left, at = self._known.get(key, (float(quota), 0.0))
        return min(left + (self.clock() - at) * quota / WINDOW_SECONDS, quota)

    def _keep(self, key: Key, left: float) -> None:
        self._known[key] = left, self.clock()
        self._known.move_to_end(key)
        if len(self._known) > self.kept:
            self._known.popitem(last=False)


class Budgets:
    """The budgets of a process: of those who show a credential, of networks, and of each open account's public."""

    def __init__(self, rates: Rates, clock: Callable[[], float] = time.monotonic) -> None:
        self.credential = Budget(CREDENTIAL, rates.credential, clock)
        self.network = Budget(NETWORK, rates.network, clock)
        self.account = Budget(ACCOUNT, rates.account, clock)
