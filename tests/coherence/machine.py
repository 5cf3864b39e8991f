"""Writers change trades, rules and credentials in any order, while readers read."""

import time
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from opencabinet.db import Connection
from tests.coherence.aside import Aside
from tests.coherence.cutting import Cutting, Line
from tests.coherence.questions import DOORS, FUNCTIONS
from tests.coherence.readers import Readers
from tests.coherence.rights import Pass, Row, Rows
from tests.coherence.timeline import now
from tests.coherence.wire import Wire
from tests.coherence.world import Credential, Told, World
from tests.coherence.writers import Writers

ACCOUNTS: Final = 2
LEVELS: Final = ("open", "password", "address", "both", "off")


class Stage(Aside):
    """Where all of it takes place: two processes, and a loop aside, so that readers read between steps, too."""

    def __init__(self, database: str, pepper: bytes, ports: Mapping[str, int], lines: Mapping[str, Cutting]) -> None:
        super().__init__()
        self.pepper = pepper
        self.ports = ports
        self.lines = lines
        self.conn = self.run(Connection.open(database))
        self.connect: Callable[[int], Wire] = Wire
        self.answered: Counter[str] = Counter()
        self.story: list[str] = []
        self.objections: list[str] = []

    def close(self) -> None:
        """Be done."""
        self.run(self.conn.close())
        super().close()


pauses = st.sampled_from([0.02, 0.02, 0.1, 0.1, 0.3, 0.3, 1.1])
lasting = st.none() | st.sampled_from([0.3, 0.8, 1.5])
places = st.sampled_from(["first", "second"])
somewhere = st.none() | places
numbers = st.integers(0, 9)
kept_rows = st.fixed_dictionaries(
    {"default": st.tuples(st.sampled_from(LEVELS), lasting, st.booleans())},
    optional={name: st.tuples(st.sampled_from(LEVELS), lasting, st.booleans()) for name in FUNCTIONS},
)
opened = st.sets(st.sampled_from(FUNCTIONS), min_size=1).map(frozenset)


class Coherence(RuleBasedStateMachine):
    """What writers do, while readers read; the first answer that may not be ends all stories."""

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self.stage = stage
        self.world = World()
        self.broken: dict[str, int] = {}
        """Those who hear nothing, and how many steps that lasts."""
        self.writers = Writers(stage.conn, stage.pepper, stage.ports, self.world)
        self.readers = Readers(stage.ports, self.world, stage.connect)

    @initialize(open_first=st.booleans())
    def begin(self, *, open_first: bool) -> None:
        """Make the accounts, and let readers read."""
        self.nobody_is_shown_what_is_over()
        self.stage.story.clear()
        self.stage.run(self.writers.begin(ACCOUNTS))
        if open_first:
            self.do(self.writers.rule(self.account(0), {"default": Row(level="open")}), 0)
        self.stage.loop.call_soon_threadsafe(self.readers.start)

    def account(self, number: int) -> Told:
        """Return one of the accounts."""
        return list(self.world.accounts.values())[number % ACCOUNTS]

    def living(self) -> list[Credential]:
        """Return the credentials that were not revoked, and do not end by themselves in these minutes."""
        kept = [(each, each.kept.newest) for each in self.world.credentials.values()]
        return [each for each, newest in kept if not newest.revoked and newest.ends > now() + 60]

    def do(self, coroutine: Coroutine[Any, Any, None], pause: float) -> None:
        """Do something, and let readers read for a while."""
        self.stage.story.append(f"{now():.3f} {coroutine}, then {pause} s")
        self.stage.run(coroutine)
        time.sleep(pause)
        self.mend()

    @invariant()
    def nobody_is_shown_what_is_over(self) -> None:
        self.stage.objections += self.readers.objections
        self.readers.objections.clear()
        assert not self.stage.objections

    @rule(number=numbers, pause=pauses)
    def spend(self, number: int, pause: float) -> None:
        self.do(self.writers.spend(self.account(number)), pause)

    @rule(number=numbers, seconds=st.sampled_from([0.05, 0.4]), pause=pauses)
    def spend_slowly(self, number: int, seconds: float, pause: float) -> None:
        self.do(self.writers.spend_slowly(self.account(number), seconds), pause)

    @rule(number=numbers, pause=pauses)
    def give_up(self, number: int, pause: float) -> None:
        self.do(self.writers.give_up(self.account(number)), pause)

    @rule(number=numbers, pause=pauses)
    def open_trade(self, number: int, pause: float) -> None:
        self.do(self.writers.open_trade(self.account(number)), pause)

    @rule(number=numbers, pause=pauses)
    def close_trade(self, number: int, pause: float) -> None:
        self.do(self.writers.close_trade(self.account(number)), pause)

    @rule(number=numbers, place=places, pause=pauses)
    def push(self, number: int, place: str, pause: float) -> None:
        self.do(self.writers.push(self.account(number), place), pause)

    @rule(number=numbers, given=kept_rows, place=somewhere, pause=pauses)
    def set_rules(self, number: int, given: Mapping[str, Any], place: str | None, pause: float) -> None:
        told, rows = self.account(number), rows_of(given)
        doing = self.writers.rule_through(told, rows, place) if place else self.writers.rule(told, rows)
        self.do(doing, pause)

    @rule(number=numbers, door=st.sampled_from(DOORS), lasts=lasting, home_only=st.booleans(), pause=pauses)
    def issue(self, number: int, door: str, lasts: float | None, pause: float, *, home_only: bool) -> None:
        kept = Pass(ends=now() + (lasts or 3600), home_only=home_only)
        self.do(self.writers.issue(self.account(number), door, kept), pause)

    @rule(number=numbers, functions=opened, lasts=lasting, home_only=st.booleans(), pause=pauses)
    def make_key(
        self, number: int, functions: frozenset[str], lasts: float | None, pause: float, *, home_only: bool
    ) -> None:
        kept = Pass(ends=now() + (lasts or 3600), home_only=home_only, functions=functions)
        self.do(self.writers.issue(self.account(number), "v1", kept), pause)

    @rule(number=numbers, door=st.sampled_from(DOORS), place=places, pause=pauses)
    def issue_through(self, number: int, door: str, place: str, pause: float) -> None:
        self.do(self.writers.issue_through(self.account(number), door, place), pause)

    @precondition(lambda self: self.living())
    @rule(number=numbers, place=somewhere, pause=pauses)
    def revoke(self, number: int, place: str | None, pause: float) -> None:
        living = self.living()
        credential = living[number % len(living)]
        doing = self.writers.revoke_through(credential, place) if place else self.writers.revoke(credential)
        self.do(doing, pause)

    @rule(
        place=places,
        line=st.sampled_from([each for each in Line if each is not Line.PASSES]),
        seconds=st.sampled_from([0.1, 1.0, 2.5]),
        steps=st.integers(0, 3),
    )
    def hear_nothing(self, place: str, line: Line, seconds: float, steps: int) -> None:
        """Let a process hear of no change for a while, in which so much is done."""
        self.hear(place, line)
        self.broken[place] = steps
        time.sleep(seconds)
        self.mend()

    def mend(self) -> None:
        """Let those hear again whose time is over."""
        for place, steps in list(self.broken.items()):
            if steps:
                self.broken[place] = steps - 1
            else:
                self.hear(place, Line.PASSES)
                del self.broken[place]

    def hear(self, place: str, line: Line) -> None:
        """Let a process hear of changes or not."""
        self.stage.story.append(f"{now():.3f} {place} {line}")
        self.stage.lines[place].set(line)
        if line in {Line.PASSES, Line.LATE}:
            self.world.silent_since.pop(place, None)
        else:
            self.world.silent_since.setdefault(place, now())

    def teardown(self) -> None:
        """Let all end."""
        for place in self.stage.lines:
            self.hear(place, Line.PASSES)
        self.stage.run(self.readers.stop())
        self.stage.run(self.writers.close())
        self.stage.answered += self.readers.counted
        self.stage.objections += self.readers.objections


def rows_of(given: Mapping[str, tuple[str, float | None, bool]]) -> Rows:
    """Return rules that were drawn, as they are from now on."""
    return {
        name: Row(level=level, expires=None if lasts is None else now() + lasts, hides_money=hides and level == "open")
        for name, (level, lasts, hides) in given.items()
    }
