"""An operator's desk: who works at it, what they may do, and the one way in which they change something."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from http import HTTPStatus
from typing import Any, Final, TypeVar
from urllib.parse import urlencode

from litestar import Response
from msgspec import Struct, structs

from opencabinet import access
from opencabinet.access import Duty, Source, operators, people
from opencabinet.access.history import NOBODY
from opencabinet.access.operators import Operator
from opencabinet.access.people import Means
from opencabinet.db import Connection, Pool
from opencabinet.doors import caller, lending, turn
from opencabinet.doors.cabinet import seat
from opencabinet.doors.cabinet.forms import Form
from opencabinet.doors.cabinet.operator.telling import DONE, TONES, WORDS
from opencabinet.doors.cabinet.statuses import status_of
from opencabinet.doors.cabinet.visit import Visit
from opencabinet.kernel.ids import Granted, Login, within
from opencabinet.kernel.problem import Problem, Unknown

T = TypeVar("T")
NOTHING: Final = Form({})
HOME: Final = "/cabinet/operator"
LOOK_SECONDS: Final = 3600
"""Looking at the same again within an hour is told once."""


class NoSuchPage(Unknown):
    """There is no such page."""


class Change(Struct, frozen=True):
    """A change on its way: the transaction that makes it, and who makes it."""

    conn: Connection
    by: Operator
    source: Source
    means: Means

    async def tell(self, login: Login | None, action: str, rule: str, **detail: Any) -> None:
        """Tell the history of an account, or nobody's, what is done, with who does it."""
        await operators.act(self.conn, self.by, NOBODY if login is None else login, action, rule, self.source, **detail)


class Desk(Struct, frozen=True):
    """A request for a page of the operator's area; on one that is shown again, why, and what was typed."""

    visit: Visit
    problem: Problem | None = None
    typed: Form = NOTHING

    @property
    def by(self) -> Operator:
        """Who works at it."""
        return seat.operator(self.visit.request)

    def may(self, duty: str) -> bool:
        """Whether they may do this now."""
        return self.by.may(Duty(duty))

    def asked(self, name: str, longest: int = 128) -> str:
        """Return what the address asks for by a name, as far as it can be read; nothing where it asks for nothing."""
        told = str(self.visit.request.query_params.get(name, ""))[:longest]
        return "".join(letter for letter in told if letter.isprintable()).strip()

    def number(self, name: str) -> int:
        """Return a number that the path names.

        Raises:
            NoSuchPage: if it is none.
        """
        return number(str(self.visit.request.path_params[name]))

    @property
    def login(self) -> Login:
        """The account that the path names, which may be nobody's."""
        return within(self.number("login"))

    def reading(self) -> AbstractAsyncContextManager[Connection]:
        """Lend a connection to read with."""
        return lending.borrowed(self.visit.request)

    async def ask(self, question: Callable[[Connection], Awaitable[T]]) -> T:
        """Ask the database one thing on a connection of its own, so that several can be asked at once."""
        async with self.reading() as conn:
            return await question(conn)

    @asynccontextmanager
    async def changing(self, *, fresh: bool = False) -> AsyncIterator[Change]:
        """Change something in one transaction; `fresh` asks for a proof of the last five minutes.

        Raises:
            StepUpNeeded: if there is none.
        """
        request = self.visit.request
        if fresh:
            people.needs_step_up(self.visit.person.session)
        tell = people.in_history(operators.telling(self.by), request.app.state.history.refused, NOBODY)
        means = structs.replace(request.app.state.means, tell=tell)
        pool: Pool = request.app.state.operating
        await turn.give_way(request)
        async with pool.lend() as conn, conn.transaction():
            yield Change(conn, self.by, caller.source(request), means)

    def granted(self, login: Login) -> Granted:
        """Let them read an account; its history is to be told that they do (`look`)."""
        return access.for_operator(login, self.by.duties)

    async def look(self, login: Login) -> None:
        """Tell an account's history that they look at it."""
        await self.looked(login, f"account {login}", "the account was looked at")

    async def look_at(self, person: int) -> None:
        """Tell nobody's history that they look at a person."""
        await self.looked(NOBODY, f"person {person}", f"person {person} was looked at", person=person)

    async def looked(self, login: Login, what: str, rule: str, **detail: Any) -> None:
        """Tell a history that they look at something: once in an hour."""
        history: access.History = self.visit.request.app.state.history
        hour = int(self.visit.now.timestamp()) // LOOK_SECONDS
        with turn.aside(self.visit.request):
            await history.first_use(
                login,
                caller.source(self.visit.request),
                key=operators.key_of_look(self.by, what, hour),
                action="operator.look",
                rule=operators.signed(rule, self.by),
                operator=self.by.person,
                **detail,
            )

    def word(self, name: str) -> str:
        """Return what a state, a role or a duty is called in the language of the page."""
        return self.visit.words.gettext(WORDS.get(name, name))

    @staticmethod
    def tone(name: str) -> str:
        """Return how a state looks: good, bad, or as something to look at; nothing for most."""
        return TONES.get(name, "")

    def choices(self, names: Iterable[str]) -> list[tuple[str, str]]:
        """Return names that can be chosen, with what each is called."""
        return [(str(each), self.word(each)) for each in names]

    def further(self, name: str, value: object) -> str:
        """Return the query of the next page of a list, which goes on from a place."""
        kept = {key: text for key, text in self.visit.request.query_params.items() if key != name}
        return urlencode({**kept, name: str(value)})

    def page(self, template: str, **given: Any) -> Response[bytes]:
        """Return a page of the area; what was refused is said on it, and what was typed stands in its fields."""
        status = HTTPStatus.OK if self.problem is None else status_of(self.problem)
        return self.visit.page(f"operator/{template}", status=status, desk=self, home=HOME, **given)

    def go(self, path: str, done: str = "") -> Response[bytes]:
        """Send the browser to another page of the area, which says what was done."""
        return self.visit.go(HOME + path, told=self.visit.words.gettext(DONE[done]) if done else "")


def number(text: str) -> int:
    """Return a number that an address or a form names.

    Raises:
        NoSuchPage: if it is none.
    """
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 19):  # noqa: PLR2004 - of 64 bits
        raise NoSuchPage
    return int(digits)
