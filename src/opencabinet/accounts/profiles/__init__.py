"""What the operator tells of the person behind an account."""

from opencabinet.accounts.profiles import store
from opencabinet.accounts.profiles.model import AccountType, BadProfile, Profile
from opencabinet.db import Connection, outbox
from opencabinet.kernel.ids import Login

__all__ = ["AccountType", "BadProfile", "Profile", "describe", "profile"]


async def profile(conn: Connection, login: Login) -> Profile:
    """Return what is told of the person behind an account; without anything told, every particular is empty."""
    return await store.profile(conn, login) or Profile(login=login)


async def describe(conn: Connection, told: Profile) -> None:
    """Keep what is told of the person behind an account, in place of what was, and tell that it changed.

    Raises:
        BadProfile: if a particular is not what it should be.
    """
    told.check()
    async with conn.transaction():
        if await store.save(conn, told):
            # The particulars themselves stay out of the event: it is passed on.
            await outbox.append(conn, told.login, "account.described")
