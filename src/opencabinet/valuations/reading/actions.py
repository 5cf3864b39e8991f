"""Reading an account at once."""

from collections.abc import Sequence

from opencabinet.accounts import NoSuchAccount
from opencabinet.db import Connection
from opencabinet.kernel.ids import Login
from opencabinet.trades import Wanted
from opencabinet.valuations.reading import store
from opencabinet.valuations.reading.model import Read


async def read(conn: Connection, login: Login, wanted: Wanted) -> Read:
    """Return an account with its open trades that are wanted, and one more if there are more.

    Raises:
        NoSuchAccount: if there is none.
    """
    (found,) = await store.read(conn, wanted, [login])
    if found is None:
        raise NoSuchAccount
    return found


async def read_many(conn: Connection, wanted: Wanted, logins: Sequence[Login]) -> list[Read | None]:
    """Return accounts as `read` does, by one statement; None for each that there is not."""
    return await store.read(conn, wanted, logins)
