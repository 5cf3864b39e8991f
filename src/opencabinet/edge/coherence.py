"""Coherence: no answer is given once it is heard that its account changed, nor long after it might have been."""

from collections import deque
from itertools import islice
from typing import Final

from opencabinet.db.announcing import SILENT_SECONDS, Listening
from opencabinet.edge.answers import Answers
from opencabinet.kernel.ids import Login

LONGEST_SECONDS: Final = 1.0
"""So long after a change was committed, nothing of before it is told, whether or not it was heard of."""
EVERYBODY: Final = "*"
MOST_HEARD: Final = 1_000
"""Announcements that are remembered: an answer that took longer than they go back is not held."""


class Coherence:
    """Forgets what changed, and knows what may still be told.

    Announcements are counted: an answer may be held only if none of its account came after the count at which it was
    asked. They are looked through only then, for there may be many, of accounts that nobody asks for.
    """

    def __init__(self, answers: Answers) -> None:
        self.answers = answers
        self.count = 0
        self.listening: Listening | None = None
        self._heard: deque[str] = deque(maxlen=MOST_HEARD)

    @property
    def hearing(self) -> bool:
        """Whether anything can be heard of changes."""
        return self.listening is not None and self.listening.connected

    def silent(self, now: float) -> bool:
        """Whether nothing was heard for so long that nothing may be told."""
        return self.listening is None or now - self.listening.heard_until > SILENT_SECONDS

    def good(self, asked_at: float, now: float) -> bool:
        """Whether an answer that was asked for at a moment may be told: it can be no older than a second."""
        if self.listening is None:
            return False
        unheard = now - self.listening.heard_until
        return unheard < LONGEST_SECONDS or (unheard <= SILENT_SECONDS and now - asked_at < LONGEST_SECONDS)

    def unchanged(self, login: Login, count: int) -> bool:
        """Whether an account did not change since a count, as far as was heard."""
        since = self.count - count
        if not self.hearing or since > len(self._heard):
            return False
        named = {EVERYBODY, str(login)}
        return all(named.isdisjoint(told.split(",")) for told in islice(reversed(self._heard), since))

    def hear(self, told: str) -> None:
        """Hear that accounts changed: their logins, or `*` for all."""
        self.count += 1
        self._heard.append(told)
        if told == EVERYBODY:
            self.answers.clear()
        else:
            self.answers.forget(told.split(","))

    def forget_all(self) -> None:
        """Forget all that is held."""
        self.hear(EVERYBODY)

    async def catch_up(self) -> None:
        """Hear of all that is committed by now; if that cannot be, forget all."""
        if self.listening is None or not await self.listening.caught_up():
            self.forget_all()
