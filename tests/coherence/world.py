"""Some accounts, all that was done to them, and whether what a reader was shown may be."""

from collections.abc import Iterator
from itertools import count
from typing import Final

from opencabinet.kernel.ids import Login
from tests.coherence.questions import Question, Reading, Seen
from tests.coherence.rights import Pass, Right, Row, Rows, ends, right
from tests.coherence.timeline import ELSEWHERE_SECONDS, Timeline, When
from tests.coherence.wire import Answered

SILENT_SECONDS: Final = 2.0
"""So long after the last it heard, a process may answer by nothing that it holds."""
figures = count(1000)
tickets = count(500_001)


class Told:
    """An account: its data and its rules, as they were over time."""

    def __init__(self, login: Login, password: str) -> None:
        self.login = login
        self.password = password
        self.balance: Timeline[Seen] = Timeline("1000.00")
        self.open: Timeline[frozenset[int]] = Timeline(frozenset())
        self.closed: Timeline[frozenset[int]] = Timeline(frozenset())
        self.rules: Timeline[Rows] = Timeline({"default": Row()})

    def data(self, question: Question, place: str, when: When) -> list[Seen]:
        """Return what may be seen in an answer."""
        lines: dict[str, Timeline[Seen]] = {"open_trades": self.open, "closed_trades": self.closed}  # type: ignore[dict-item]  # narrower
        return lines.get(question.function, self.balance).possible(place, when)


class Credential:
    """A credential: its secret, whose it is, through which door it is shown, and how it was kept over time."""

    def __init__(self, secret: str, login: Login, door: str, kept: Pass, number: int) -> None:
        self.secret = secret
        self.login = login
        self.door = door
        self.number = number
        self.kept = Timeline(kept)


class World:
    """All there is to ask for."""

    def __init__(self) -> None:
        self.accounts: dict[int, Told] = {}
        self.silent_since: dict[str, float] = {}
        """The processes that hear of no change, and since when."""
        self.credentials: dict[str, Credential] = {}

    def of(self, login: int) -> list[Credential]:
        """Return all credentials that an account ever had."""
        return [each for each in self.credentials.values() if each.login == login]

    def objection(self, place: str, question: Question, answer: Answered, shown: Reading) -> str | None:
        """Say why a process may not have shown this, or return None."""
        told, when = self.accounts[question.login], self.when(place, answer)
        rights = list(self.rights(place, question, when))
        fitting = [each for each in rights if fits(each, shown)]
        if not fitting:
            return f"{place} answered {question} by rights {shown}, where there were {set(rights)}"
        data = told.data(question, place, when)
        if shown.granted and shown.seen is not None and shown.seen not in data:
            return f"{place} answered {question} with {shown.seen}, where there was {data}"
        return None

    def when(self, place: str, answer: Answered) -> When:
        """Return when an answer was given; who has heard nothing for long must ask the database each time."""
        silent = answer.asked - self.silent_since.get(place, answer.asked) > SILENT_SECONDS
        return When(answer.asked, answer.answered, 0 if silent else ELSEWHERE_SECONDS)

    def rights(self, place: str, question: Question, when: When) -> Iterator[Right]:
        """Give all rights by which a question may have been answered."""
        for rows in self.accounts[question.login].rules.possible(place, when):
            for kept in self.shown(place, question, when):
                between = [at for at in ends(rows, kept) if when.asked < at < when.answered]
                for at in (when.asked, when.answered, *between):
                    yield right(rows, kept, question.function, question.address, at)

    def shown(self, place: str, question: Question, when: When) -> list[Pass] | list[None]:
        """Return how the credential that was shown may have been kept; one of another account is good for nothing."""
        if question.secret is None:
            return [None]
        found = self.credentials[question.secret]
        if found.login != question.login:
            return [Pass(ends=0)]
        return found.kept.possible(place, when)


def fits(right: Right, shown: Reading) -> bool:
    """Whether somebody with a right is shown this."""
    if not (right.granted and shown.granted):
        return right.granted == shown.granted
    private = right.public or not shown.public
    return private and shown.without_money in {None, right.without_money}
