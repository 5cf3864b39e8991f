"""Consenting: a client says what their partner may see, and takes it back."""

from typing import Final

from opencabinet.access import Function, Source, changed
from opencabinet.db import Connection, outbox
from opencabinet.kernel.ids import Login
from opencabinet.partners.referrals.clients import store
from opencabinet.partners.referrals.clients.model import Consent, Level, NobodysClient

CONSENTED: Final = "access.consent"


async def consent(conn: Connection, client: Login, level: Level, source: Source) -> Consent:
    """Let the client's partner see so much from the next question on; the history tells of it, as of other access.

    Said of another partner later, it must be said again: they begin masked.

    Raises:
        NobodysClient: if the account is nobody's client.
    """
    async with conn.transaction():
        await outbox.hold(conn, client)
        known = await consenting(conn, client)
        if known.level != level:
            await store.add_consent(conn, client, known.partner, level)
            rule, detail = f"the partner {known.partner} may see: {level}", {"was": known.level, "level": level}
            await changed(conn, client, "partner.consent", source, rule=rule, function=Function.PERSON, **detail)
            await outbox.append(conn, client, CONSENTED, partner=known.partner, level=level)
    return await consenting(conn, client)


async def consenting(conn: Connection, client: Login) -> Consent:
    """Return who sees what of a client.

    Raises:
        NobodysClient: if the account is nobody's client.
    """
    found = await store.consented(conn, client)
    if found is None:
        raise NobodysClient
    return found
