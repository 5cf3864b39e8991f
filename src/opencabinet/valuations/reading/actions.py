"""Reading an account at once."""

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
    found = await store.read(conn, login, wanted)
    if found is None:
        raise NoSuchAccount
    return found
