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
from opencabinet.kernel.ids import Login
from opencabinet.partners import programme
from opencabinet.partners.programme import BadCode, PartnerCode

MOST: Final = 25
FEWEST: Final = 2
"""Letters that are looked for."""


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
    found = None
    if len(text) >= FEWEST or text.isdigit():
        async with desk.reading() as conn:
            found = await results(conn, text)
    template = "found.html" if desk.visit.partial else "search.html"
    return desk.page(template, text=text, found=found, fewest=FEWEST)


async def results(conn: Connection, text: str) -> Results:
    """Look for what was typed in everything that it could be."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 19 else None  # noqa: PLR2004 - of 64 bits
    if number is not None:
        return Results(accounts=await accounts.by_number(conn, number, MOST), people=[], codes=await codes(conn, text))
    named = await people.by_name(conn, text, MOST)
    known = {each.id: each for each in [*await people.by_email(conn, text.lower(), MOST), *named]}
    return Results(
        accounts=await accounts.by_name(conn, text, MOST),
        people=[(each, await people.logins(conn, each.id)) for each in list(known.values())[:MOST]],
        codes=await codes(conn, text),
    )


async def codes(conn: Connection, text: str) -> list[PartnerCode]:
    """Return whom a partner's code names, if it is one."""
    try:
        found = await programme.find(conn, programme.read_code(text))
    except BadCode:
        return []
    return [found] if found else []
