"""How somebody signs in, at a glance."""

import base64
from typing import Final

from litestar import Response

from opencabinet.access import Signed
from opencabinet.access.people import factors
from opencabinet.access.people.factors import Passkey
from opencabinet.doors import lending
from opencabinet.doors.cabinet.handlers import page
from opencabinet.doors.cabinet.visit import Visit

HERE: Final = "/cabinet/settings/security"


@page("/settings/security", need=Signed.IN)
async def show_security(visit: Visit) -> Response[bytes]:
    """Show the password, the second factors and the recovery codes of somebody, and what can be done with them."""
    person = visit.person.session.person
    async with lending.borrowed(visit.request) as conn:
        ways, keys = await factors.ways(conn, person), await factors.passkeys(conn, person)
    return visit.page("settings/security.html", ways=ways, passkeys=keys, key_of=key_of)


def key_of(passkey: Passkey) -> str:
    """Return what names a passkey in a form."""
    return base64.urlsafe_b64encode(passkey.id).decode()
