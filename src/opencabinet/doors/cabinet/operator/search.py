"""Searching: by a login, a number of a server, a name, an e-mail address or a partner's code."""

from typing import Final

from litestar import Response
from msgspec import Struct

from opencabinet import accounts
from opencabinet.access import Duty, people
from opencabinet.access.people import Person
from opencabinet.accounts import Found
from opencabinet.db import Connection
from opencabinet.doors.cabinet.operator.desk import Desk
from opencabinet.doors.cabinet.operator.handlers import look
from opencabinet.doors.cabinet.operator.together import together
from opencabinet.kernel.ids import LARGEST, Login
from opencabinet.partners import programme
from opencabinet.partners.programme import BadCode, PartnerCode

MOST: Final = 25
FEWEST: Final = 2
"""Letters that are looked for."""
LONGEST_NUMBER: Final = 18


class Results(Struct, frozen=True, kw_only=True):
    """What was found of each kind, so many of it at most."""

    accounts: list[Found]
    people: list[tuple[Person, list[Login]]]
    codes: list[PartnerCode]

    @property
    def none(self) -> bool:
        """Whether nothing was found."""
        return not (self.accounts or self.people or self.codes)

    @property
    def full(self) -> bool:
        """Whether there may be more."""
        return max(len(self.accounts), len(self.people)) >= MOST


@look("/search", need=Duty.SEARCH)
async def show_search(desk: Desk) -> Response[bytes]:
    """Show where to search, and what was found."""
    text = desk.asked("q")
    long_enough = len(text) >= FEWEST or text.isdigit()
    found = await results(desk, text) if long_enough else None
    template = "found.html" if desk.visit.partial else "search.html"
    return desk.page(template, text=text, found=found, fewest=FEWEST)


async def results(desk: Desk, text: str) -> Results:
    """Look for what was typed in everything that it could be, at once."""
    if text.isascii() and text.isdigit():
        number = int(text) if len(text) <= LONGEST_NUMBER else LARGEST
        numbered, named = await together(
            desk.ask(lambda conn: accounts.by_number(conn, number, MOST)), desk.ask(lambda conn: codes(conn, text))
        )
        return Results(accounts=numbered, people=[], codes=named)
    by_name, by_email, called, named = await together(
        desk.ask(lambda conn: people.by_name(conn, text, MOST)),
        desk.ask(lambda conn: people.by_email(conn, text.lower(), MOST)),
        desk.ask(lambda conn: accounts.by_name(conn, text, MOST)),
        desk.ask(lambda conn: codes(conn, text)),
    )
    known = list({each.id: each for each in [*by_email, *by_name]}.values())[:MOST]
    own = await desk.ask(lambda conn: people.logins_of(conn, [each.id for each in known], MOST)) if known else {}
    return Results(accounts=called, people=[(each, own[each.id]) for each in known], codes=named)


async def codes(conn: Connection, text: str) -> list[PartnerCode]:
    """Return whom a partner's code names, if it is one."""
    try:
        found = await programme.find(conn, programme.read_code(text))
    except BadCode:
        return []
    return [found] if found else []
