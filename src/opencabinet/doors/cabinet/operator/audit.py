"""The authorization history of everybody, and whether it is whole."""

from typing import Final

from litestar import Response
from msgspec import Struct

from opencabinet.access import Authorization, Duty
from opencabinet.access.history import everybodys, last_seal, seals
from opencabinet.access.history.seals import Seal
from opencabinet.access.keyfile import Keys
from opencabinet.db import Connection
from opencabinet.doors.cabinet.operator import places
from opencabinet.doors.cabinet.operator.desk import Desk, number
from opencabinet.doors.cabinet.operator.handlers import look
from opencabinet.doors.cabinet.operator.together import together
from opencabinet.kernel.ids import Login, within
from opencabinet.kernel.page import Key, Page
from opencabinet.kernel.period import Period

OUTCOMES: Final = {"granted": True, "refused": False}
LONGEST_ACTION: Final = 64


class Asked(Struct, frozen=True, kw_only=True):
    """What of the history is asked for, as the address has it."""

    login: str
    since: str
    until: str
    of: str
    outcome: str
    by: str

    @classmethod
    def by_address(cls, desk: Desk) -> "Asked":
        """Read an address."""
        return cls(**{name: desk.asked(name, LONGEST_ACTION) for name in cls.__struct_fields__})

    @property
    def account(self) -> Login | None:
        """The account whose history it is, None for everybody's."""
        return within(number(self.login)) if self.login else None

    @property
    def period(self) -> Period:
        """The days that are asked for."""
        return places.period(self.since, self.until)

    @property
    def given(self) -> dict[str, str]:
        """What is asked for, to be asked again."""
        return {name: value for name in self.__struct_fields__ if (value := getattr(self, name))}


@look("/audit", need=Duty.AUDIT)
async def show_audit(desk: Desk) -> Response[bytes]:
    """Show the history of an account or of everybody, the newest first, and how far it is sealed."""
    asked, below = Asked.by_address(desk), places.place(desk.asked("before"))
    page, seal = await together(desk.ask(lambda conn: rows(conn, asked, below)), desk.ask(last_seal))
    if asked.account and page.rows:
        await desk.look(asked.account)
    more = places.spelled(page.next)
    return desk.page("audit.html", asked=asked, rows=page.rows, more=more, seal=seal, sound=sound(desk, seal))


async def rows(conn: Connection, asked: Asked, below: Key) -> Page[Authorization]:
    """Return a page of the history that is asked for."""
    return await everybodys(
        conn,
        asked.period,
        login=asked.account,
        below=below,
        limit=places.LIMIT,
        of=asked.of,
        granted=OUTCOMES.get(asked.outcome),
        by_operators=asked.by == "operators",
    )


def sound(desk: Desk, seal: Seal | None) -> bool:
    """Whether the newest seal is signed by this installation; of all before, and their rows, a command verifies it."""
    keys: Keys = desk.visit.request.app.state.means.keys
    return seal is not None and seal.key == seals.public(keys.seals) and seal.signed()
