"""What happens to people, told in the histories of their accounts."""

from collections.abc import Sequence
from typing import Any, Final, Protocol

from opencabinet.access.model import Source
from opencabinet.access.people import store
from opencabinet.access.people.means import Tell, Told
from opencabinet.db import Connection
from opencabinet.kernel.ids import Login

MOST_REFUSED: Final = 20
"""In so many histories a refusal is told at most: one guess writes few rows, however many accounts somebody has."""


class Changed(Protocol):
    """Tells the history of each account of a change, in the transaction that makes it and in one statement."""

    async def __call__(
        self, conn: Connection, logins: Sequence[Login], action: str, source: Source, *, rule: str, **detail: Any
    ) -> None:
        """Tell."""


class Refusing(Protocol):
    """Tells an account's history of a refusal, soon; None is the login where it cannot be of any account."""

    def __call__(self, login: int | None, source: Source, *, action: str, rule: str) -> None:
        """Tell."""


def in_history(changed: Changed, refused: Refusing, nobody: Login) -> Tell:
    """Return what tells the history of every account of a person; `nobody` has that of people without accounts.

    A refusal costs one statement, whether there is such a person or not, and is told of the first accounts only.
    """

    async def tell(conn: Connection, told: Told) -> None:
        logins = await store.logins(conn, told.person)
        if told.granted:
            await changed(conn, logins or [nobody], told.action, told.source, rule=told.rule, person=told.person)
        else:
            accounts: list[Login | None] = [*logins[:MOST_REFUSED]] or [None]
            for each in accounts:
                refused(each, told.source, action=told.action, rule=told.rule)

    return tell
