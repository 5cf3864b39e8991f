"""Places: how many listen at once, in all, to one account, and with one credential."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Hashable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Final

from opencabinet.access import Held
from opencabinet.kernel.ids import Login
from opencabinet.kernel.problem import Overloaded, Throttled

OF_ACCOUNT: Final = 20
OF_CREDENTIAL: Final = 20
OF_NETWORK: Final = 8
AT_DOOR: Final = 32
"""Connections that have shown nothing yet: the server below takes large messages in before it asks us."""
RETRY_SECONDS: Final = 30


class Places:
    """The places of a process."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.taken = 0
        self.at_door = 0
        self._of: Counter[Hashable] = Counter()
        self._silent: dict[asyncio.Timeout, Hashable] = {}

    @contextmanager
    def door(self, network: Hashable) -> Iterator[None]:
        """Hold a place at the door, where nobody has shown anything yet. Whoever says nothing makes room for it.

        Raises:
            Overloaded: if the process has none left.
            Throttled: if the network has as many as it may.
        """
        if self._of[network] >= OF_NETWORK:
            raise Throttled(RETRY_SECONDS, f"{OF_NETWORK} connections of your network have shown nothing yet.")
        if self.at_door >= AT_DOOR:
            self._end_one()
        self.at_door += 1
        self._of[network] += 1
        try:
            yield
        finally:
            self.at_door -= 1
            self._release(network)

    @asynccontextmanager
    async def silence(self, network: Hashable, seconds: float) -> AsyncIterator[None]:
        """Bear that somebody at the door says nothing for so long, or less if others come.

        Raises:
            TimeoutError: once it has been borne.
        """
        async with asyncio.timeout(seconds) as ending:
            self._silent[ending] = network
            try:
                yield
            finally:
                self._silent.pop(ending, None)

    def _end_one(self) -> None:
        """End the longest silence at the door, of the network with most of them."""
        if not self._silent:
            raise Overloaded("As many come as can: try again later.")
        [(fullest, _)] = Counter(self._silent.values()).most_common(1)
        ending = next(each for each, network in self._silent.items() if network == fullest)
        del self._silent[ending]
        ending.reschedule(asyncio.get_running_loop().time())

    def take(self, login: Login, held: Held) -> None:
        """Take a place.

        Raises:
            Overloaded: if the process has none left.
            Throttled: if the account, or the credential, has as many as it may.
        """
        if self.taken >= self.most:
            raise Overloaded("As many listen as can: try again later.")
        if self._of[login] >= OF_ACCOUNT:
            raise Throttled(RETRY_SECONDS, f"{OF_ACCOUNT} streams of this account are open: close one.")
        if self._of[held.token] >= OF_CREDENTIAL:
            raise Throttled(RETRY_SECONDS, f"{OF_CREDENTIAL} streams of this credential are open: close one.")
        self.taken += 1
        self._of.update((login, held.token))

    def give_back(self, login: Login, held: Held) -> None:
        """Give a place back."""
        self.taken -= 1
        self._release(login)
        self._release(held.token)

    def _release(self, key: Hashable) -> None:
        self._of[key] -= 1
        if self._of[key] <= 0:
            del self._of[key]
