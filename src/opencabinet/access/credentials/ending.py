"""Taking everything away at once, for an owner who says that it was not them."""

from typing import Any

from opencabinet.access import throttles
from opencabinet.access.credentials import keys, store, tokens
from opencabinet.access.credentials.model import Revoked
from opencabinet.access.credentials.passwords import store as passwords
from opencabinet.access.history import OPERATOR, changed
from opencabinet.access.model import Source
from opencabinet.db import Connection, outbox
from opencabinet.kernel.ids import Login


async def not_me(conn: Connection, login: Login, source: Source = OPERATOR, *, password: bool = True) -> Revoked:
    """Revoke every token, key and, if asked, API password of the account, and tell of it; return how many there were.

    The passwords go first: a token that is being given for one is waited for, and revoked with the others.
    """
    async with tokens.changing(conn, login, None):
        gone = await passwords.clear(conn, login) if password else 0
        revoked = Revoked(
            passwords=gone,
            tokens=await store.revoke(conn, login, tokens.KINDS),
            keys=await store.revoke(conn, login, keys.KINDS),
        )
        what = "every credential" if password else "every credential but the API password"
        rule = f"the owner says that it was not them: {what} is revoked"
        gone_too: dict[str, Any] = {"tokens": revoked.tokens, "keys": revoked.keys, "passwords": gone}
        if password:
            await throttles.reset(conn, throttles.of_login(login))  # no thief's network is known any more
        await changed(conn, login, "credential.revoke", source, rule=rule, **gone_too)
        await outbox.append(conn, login, "access.not_me", **gone_too)
    return revoked
