"""What every reader of the event log must have heard: what the outbox holds, each once and in its order."""

from collections.abc import Mapping, Sequence

from opencabinet.db import Connection, outbox
from opencabinet.kernel.ids import Login


async def kept_ids(conn: Connection, login: Login) -> list[str]:
    """Return the ids of all events of an account, in their order."""
    numbers = await conn.values("SELECT number FROM events WHERE login = %(login)s ORDER BY number", login=login)
    return [outbox.event_id(login, number) for number in numbers]


async def assert_heard(
    conn: Connection, login: Login, readers: Mapping[str, Sequence[str]], *, ordered: bool = True
) -> int:
    """See that each reader heard every event of an account once, in order if that is promised; return how many."""
    kept = await kept_ids(conn, login)
    for name, heard in readers.items():
        missing, doubled = set(kept) - set(heard), len(heard) - len(set(heard))
        assert not missing, f"{name} missed {sorted(missing)[:5]} of {len(kept)} events of {login}"
        assert not doubled, f"{name} heard {doubled} events of {login} twice"
        assert set(heard) <= set(kept), f"{name} heard what is not there"
        assert not ordered or list(heard) == kept, f"{name} heard the events of {login} in another order"
    return len(kept)
