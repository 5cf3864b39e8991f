"""Coherence: no answer is given once it is heard that its account changed, nor long after it might have been."""

from collections import OrderedDict
from typing import Final

from opencabinet.db.announcing import SILENT_SECONDS, Listening
from opencabinet.edge.answers import Answers
from opencabinet.kernel.ids import Login

LONGEST_SECONDS: Final = 1.0
"""So long after a change was committed, nothing of before it is told, whether or not it was heard of."""
MOST_KNOWN: Final = 100_000
"""Accounts of which it is known when they changed; of others it is taken to be when the last of them was forgotten."""


class Coherence:
    """Forgets what changed, and knows what may still be told.

    Changes are counted: an answer may be held only if none of its account came after the count at which it was asked.
    """

    def __init__(self, answers: Answers) -> None:
        self.answers = answers
        self.count = 0
        self.listening: Listening | None = None
        self._changed: OrderedDict[Login, int] = OrderedDict()
        self._beyond = 0

    @property
    def hearing(self) -> bool:
        """Whether anything can be heard of changes."""
        return self.listening is not None and self.listening.connected

    def silent(self, now: float) -> bool:
        """Whether nothing was heard for so long that nothing may be told."""
        return self.listening is None or now - self.listening.heard_until > SILENT_SECONDS

    def good(self, asked_at: float, now: float) -> bool:
        """Whether an answer that was asked for at a moment can be no older than a second."""
        heard_until = self.listening.heard_until if self.listening else asked_at
        return now - max(asked_at, heard_until) < LONGEST_SECONDS

    def unchanged(self, login: Login, count: int) -> bool:
        """Whether an account did not change since a count, as far as was heard."""
        return self.hearing and self._changed.get(login, self._beyond) <= count

    def hear(self, told: str) -> None:
        """Hear that accounts changed: their logins, or `*` for all."""
        if told == "*":
            self.forget_all()
        else:
            self.forget([Login(int(each)) for each in told.split(",") if each.isdecimal()])

    def forget(self, logins: list[Login]) -> None:
        """Forget what is held of accounts."""
        self.count += 1
        self.answers.forget(logins)
        for login in logins:
            self._changed[login] = self.count
            self._changed.move_to_end(login)
        while len(self._changed) > MOST_KNOWN:
            self._beyond = max(self._beyond, self._changed.popitem(last=False)[1])

    def forget_all(self) -> None:
        """Forget all that is held."""
        self.count += 1
        self._changed.clear()
        self._beyond = self.count
        self.answers.clear()

    async def catch_up(self) -> None:
        """Hear of all that is committed by now; if that cannot be, forget all."""
        if self.listening is None or not await self.listening.caught_up():
            self.forget_all()
