"""Telling of a change, in the transaction that makes it."""

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
    await store.changed(conn, fact, detail)
