"""Places: how many listen at once, in all, to one account, and with one credential."""

from collections import Counter
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
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

    @contextmanager
    def door(self, network: Hashable) -> Iterator[None]:
        """Hold a place at the door, where nobody has shown anything yet.

        Raises:
            Overloaded: if the process has none left.
            Throttled: if the network has as many as it may.
        """
        if self.at_door >= AT_DOOR:
            raise Overloaded("As many come as can: try again later.")
        if self._of[network] >= OF_NETWORK:
            raise Throttled(RETRY_SECONDS, f"{OF_NETWORK} connections of your network have shown nothing yet.")
        self.at_door += 1
        self._of[network] += 1
        try:
            yield
        finally:
            self.at_door -= 1
            self._release(network)

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
