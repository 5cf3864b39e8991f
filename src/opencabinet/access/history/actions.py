"""Telling of a change, in the transaction that makes it."""

from collections.abc import Sequence
from typing import Any

from opencabinet.access.history import store
from opencabinet.access.history.model import Fact
from opencabinet.access.model import Source
from opencabinet.db import Connection
from opencabinet.kernel.ids import Login


async def changed(
    conn: Connection,
    login: Login,
    action: str,
    source: Source,
    *,
    rule: str,
    family: str = "",
    function: str = "",
    **detail: Any,
) -> None:
    """Tell that a policy or a credential was changed; `detail` says what was and what is, and never a secret."""
    fact = Fact(login=login, source=source, action=action, rule=rule, family=family, function=function)
    await store.changed(conn, [login], fact, detail)


async def changed_in_all(
    conn: Connection, logins: Sequence[Login], action: str, source: Source, *, rule: str, **detail: Any
) -> None:
    """Tell the histories of several accounts of one change, as `changed` does of one."""
    await store.changed(conn, logins, Fact(login=logins[0], source=source, action=action, rule=rule), detail)
