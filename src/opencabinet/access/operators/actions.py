"""Making operators, and telling the history who of them did what."""

from collections.abc import Sequence
from typing import Any, Final

from opencabinet.access.history import NOBODY, changed, changed_in_all
from opencabinet.access.history.model import LONGEST_RULE
from opencabinet.access.history.writer import digest
from opencabinet.access.model import Duty, Source
from opencabinet.access.operators import store
from opencabinet.access.operators.model import (
    LastAdministrator,
    NoFactorYet,
    NotAnOperator,
    Operator,
    OverOperators,
    OwnRoles,
    Role,
)
from opencabinet.access.people import Person, Seated, sessions
from opencabinet.access.people.telling import Changed
from opencabinet.db import Connection
from opencabinet.kernel.ids import Login

LONGEST_EMAIL_TOLD: Final = 128
"""Letters of an operator's e-mail address; the number before it says who it is in any case."""


def operator(seated: Seated) -> Operator:
    """Return what somebody who is signed in may do as an operator."""
    session = seated.session
    proved = session.level == sessions.Level.SECOND_FACTOR
    return Operator(person=session.person, email=seated.email, roles=list(map(Role, seated.roles)), proved=proved)


async def appoint(
    conn: Connection, person: Person, roles: Sequence[Role], source: Source, *, by: Operator | None = None
) -> None:
    """Give a person roles; `by` is None on the command line.

    Raises:
        OwnRoles: if somebody gives them to themselves.
        NoFactorYet: if the person could be somebody who only knows their password.
    """
    not_oneself(by, person.id)
    if by and not person.has_factor:
        raise NoFactorYet
    async with conn.transaction():
        for role in roles:
            if await store.add(conn, person.id, role, by.person if by else None):
                await act(conn, by, NOBODY, "operator.add", f"{person.email} is an operator: {role}", source)


async def dismiss(
    conn: Connection, person: Person, roles: Sequence[Role], source: Source, *, by: Operator | None = None
) -> None:
    """Take roles from a person.

    Raises:
        NotAnOperator: if they have none of them.
        OwnRoles: if somebody takes their own.
        LastAdministrator: if nobody else is one; on the command line another can be made, so there it may go.
    """
    not_oneself(by, person.id)
    async with conn.transaction():
        await store.lock(conn)
        if by and Role.ADMINISTRATOR in roles and not await store.other_administrators(conn, person.id):
            raise LastAdministrator
        if not await store.remove(conn, person.id, roles):
            raise NotAnOperator(f"{person.email} has no such role.")
        gone = f"{person.email} is no operator any more: {', '.join(roles)}"
        await act(conn, by, NOBODY, "operator.remove", gone, source)


async def over(conn: Connection, by: Operator, person: int, *, own: bool = True) -> None:
    """See that an operator may act upon a person: upon operators only who says who they are, or they have it all.

    Raises:
        OverOperators: if the person is an operator, and `by` does not say who they are.
        OwnRoles: if the person is themselves, where that is not theirs to do.
    """
    if not own:
        not_oneself(by, person)
    if person != by.person and not by.may(Duty.OPERATORS) and await store.roles(conn, person):
        raise OverOperators


def not_oneself(by: Operator | None, person: int) -> None:
    """See that somebody does not do this to themselves.

    Raises:
        OwnRoles: if they do.
    """
    if by and by.person == person:
        raise OwnRoles


def telling(by: Operator) -> Changed:
    """Return what tells the history of each account of a change that an operator makes."""

    async def tell(
        conn: Connection, logins: Sequence[Login], action: str, source: Source, *, rule: str, **detail: Any
    ) -> None:
        await changed_in_all(conn, logins, action, source, rule=signed(rule, by), **detail, operator=by.person)

    return tell


async def act(
    conn: Connection, by: Operator | None, login: Login, action: str, rule: str, source: Source, **detail: Any
) -> None:
    """Tell the history of an account, or nobody's, what an operator did, in the transaction that does it."""
    told = signed(rule, by)
    await changed(conn, login, action, source, rule=told, **(detail | ({"operator": by.person} if by else {})))


def key_of_look(by: Operator, what: str, hour: int) -> bytes:
    """Return what of an operator's looks at something within an hour there is only one row."""
    return digest("look", by.person, what, hour)


def signed(rule: str, by: Operator | None) -> str:
    """Return what is told with who did it, which is never cut off."""
    if by is None:
        return rule
    who = f", by operator {by.person} ({by.email[:LONGEST_EMAIL_TOLD]})"
    return rule[: LONGEST_RULE - len(who)] + who
