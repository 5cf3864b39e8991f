"""Those who read all the while, through every door of every process, and say what they should not have been shown."""

import asyncio
import random
from collections import Counter, deque
from collections.abc import Callable, Mapping
from typing import Final

from tests.coherence.questions import DOORS, FUNCTIONS, Question, Reading, reading
from tests.coherence.rights import AWAY, HOME
from tests.coherence.wire import Wire
from tests.coherence.world import World

AT_ONCE: Final = 3
ASKED: Final = (*FUNCTIONS, "closed_trades", "closed_trades")
"""What is made of rows alone may be held for longer than what prices are in, so it is asked more often."""
PAUSE_SECONDS: Final = 0.002
RECENT: Final = 12
NEW: Final = 0.2
"""Of how many questions a reader asks one after the other, and how often it thinks of another."""
FOREIGN: Final = 0.03
"""How often somebody shows a credential of another account."""


class Readers:
    """Several readers of each process."""

    def __init__(self, ports: Mapping[str, int], world: World, connect: Callable[[int], Wire] = Wire) -> None:
        self.world = world
        self.ports = ports
        self.connect = connect
        self.chance = random.Random(7)  # noqa: S311 - no secret
        self.objections: list[str] = []
        self.counted: Counter[str] = Counter()
        self._tags: dict[tuple[str, Question], tuple[str, Reading]] = {}
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Let them read."""
        for place, port in self.ports.items():
            self._tasks += [asyncio.create_task(self._read_on(place, self.connect(port))) for _ in range(AT_ONCE)]

    async def stop(self) -> None:
        """Let them end; whoever ended before has failed."""
        self.objections += [f"a reader failed: {each.exception()!r}" for each in self._tasks if each.done()]
        for each in self._tasks:
            each.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _read_on(self, place: str, wire: Wire) -> None:
        recent: deque[Question] = deque(maxlen=RECENT)
        try:
            while True:
                if not recent or self.chance.random() < NEW:
                    recent.append(self.choose())
                await self.read(place, wire, self.chance.choice(recent))
                await asyncio.sleep(PAUSE_SECONDS)
        finally:
            await wire.aclose()

    def choose(self) -> Question:
        """Choose a question: with a credential of the account, mostly, or with none."""
        choice = self.chance.choice
        told = choice(list(self.world.accounts.values()))
        door = choice(DOORS)
        owner = told.login if self.chance.random() > FOREIGN else choice(list(self.world.accounts))
        own = [each.secret for each in self.world.of(owner) if each.door == door]
        secret = choice([None, *own[-3:]]) if own else None
        return Question(told.login, door, choice(ASKED), choice([HOME, HOME, AWAY]), secret)

    async def read(self, place: str, wire: Wire, question: Question) -> Reading | None:
        """Ask a process, and see whether it may have answered so; None if it had no time."""
        tag, held = self._tags.get((place, question), ("", None))
        asks_anew = {"If-None-Match": tag} if tag and self.chance.random() < 0.3 else {}
        answer = await wire.get(question.path, question.headers | asks_anew)
        self.counted[f"{answer.status}"] += 1
        if answer.status == 503:
            return None
        if answer.status == 304:
            assert held, question
            shown = Reading(
                granted=True,
                seen=held.seen,
                without_money=held.without_money,
                public="public" in answer.headers["cache-control"],
            )
        else:
            shown = reading(question, answer)
        if objection := self.world.objection(place, question, answer, shown):
            self.objections.append(objection)
        if "etag" in answer.headers:
            self._tags[place, question] = answer.headers["etag"], shown
        return shown
