"""Held answers: finished, each with all that it depends on, in a bounded number of bytes."""

from collections import OrderedDict
from collections.abc import Hashable, Iterable
from typing import Final, Protocol

from msgspec import Struct

from opencabinet.access import Network
from opencabinet.doors.holding import Judged
from opencabinet.edge.counting import Counts
from opencabinet.kernel.ids import Login

LARGEST: Final = 256 * 1024
"""Longer answers are not held: they are read rarely, and would push out many that are read often."""
OVERHEAD: Final = 5120
"""What an answer takes beside its bytes: what it is judged by, its headers, its places in the tables."""
Key = Hashable
Headers = list[tuple[bytes, bytes]]


class Tally(Protocol):
    """Where answers of a route are counted."""

    def hit(self, status: int, size: int) -> None:
        """Count an answer that was held, and the bytes of its body."""


class Held(Struct, kw_only=True, weakref=False):
    """A finished answer. Headers that are written anew each time stand between those `before` and `after` them.

    It was asked for at `asked_at` and is good to `until`, if nothing changes; both by the clock that never steps.
    `key_path` is the path that was asked for, which takes
    `key_size` bytes with its query; `bodiless` stands in the place of `before` where the body is left out.
    From `ends` on not even those may have it who waited for it; `weight` is how many bytes of text it is judged by.
    `neighbours` is the network of the caller whom the history was told of. `tag` is its ETag in a header.
    """

    key: Key
    key_path: bytes
    key_size: int
    judged: Judged
    before: Headers
    bodiless: Headers
    after: Headers
    body: bytes
    tag: bytes
    asked_at: float
    until: float
    ends: float
    neighbours: Network | None
    weight: int
    tally: Tally | None = None
    noted_at: float = 0.0

    def __repr__(self) -> str:
        return "Held(***)"

    @property
    def login(self) -> Login:
        """The account it is of."""
        return self.judged.ask.login

    @property
    def account(self) -> str:
        """The account as announcements name it."""
        return str(self.login)

    @property
    def size(self) -> int:
        """About how many bytes it takes."""
        headers = sum(len(name) + len(value) for name, value in (*self.before, *self.after))
        return self.key_size + len(self.body) + headers + self.weight + OVERHEAD


class Answers:
    """The held answers of a process: those that were asked for last, as many as there is room for."""

    def __init__(self, room: int, counts: Counts) -> None:
        self.room = room
        self.size = 0
        self._counts = counts
        self._held: OrderedDict[Key, Held] = OrderedDict()
        self._keys: dict[str, set[Key]] = {}

    def __len__(self) -> int:
        return len(self._held)

    def get(self, key: Key) -> Held | None:
        """Return the answer to a question, which counts as asked for now."""
        if (found := self._held.get(key)) is not None:
            self._held.move_to_end(key)
        return found

    def keep(self, answer: Held) -> None:
        """Hold an answer, in the place of an older one; what was not asked for longest makes room."""
        self._drop(answer.key)
        if (size := answer.size) > self.room:
            return
        self._held[answer.key] = answer
        self._keys.setdefault(answer.account, set()).add(answer.key)
        self.size += size
        self._counts.stored += 1
        while self.size > self.room:
            self._drop(next(iter(self._held)))
            self._counts.evicted += 1

    def forget(self, accounts: Iterable[str]) -> None:
        """Give up all answers of accounts."""
        for account in self._keys.keys() & accounts:
            for key in list(self._keys[account]):
                self._drop(key)
                self._counts.forgotten += 1

    def clear(self) -> None:
        """Give up all answers."""
        self._counts.forgotten += len(self._held)
        self._held.clear()
        self._keys.clear()
        self.size = 0

    def _drop(self, key: Key) -> None:
        if (gone := self._held.pop(key, None)) is None:
            return
        self.size -= gone.size
        keys = self._keys[gone.account]
        keys.discard(key)
        if not keys:
            del self._keys[gone.account]
