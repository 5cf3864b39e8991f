"""Places: how many listen at once, in all, to one account, and with one credential."""

from collections import Counter
from collections.abc import Hashable
from typing import Final

from opencabinet.access import Held
from opencabinet.kernel.ids import Login
from opencabinet.kernel.problem import Overloaded, Throttled

OF_ACCOUNT: Final = 20
OF_CREDENTIAL: Final = 20
RETRY_SECONDS: Final = 30


class Places:
    """The places of a process."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.taken = 0
        self._of: Counter[Hashable] = Counter()

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
        self._of.subtract((login, held.token))
        for key in (login, held.token):
            if self._of[key] <= 0:
                del self._of[key]
