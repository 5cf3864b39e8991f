"""Widgets, asked for as the doors ask: from within a request."""

from ipaddress import ip_address
from typing import Any, cast

import httpx
from litestar.connection import ASGIConnection
from litestar.types import Scope

from opencabinet.doors.seen import SEEN, Seen
from opencabinet.doors.showing import asking
from opencabinet.doors.showing.definitions import WIDGETS
from opencabinet.doors.showing.model import Refused, Shown
from opencabinet.doors.showing.options import Options
from opencabinet.doors.within import Asker, Nobody
from tests import make
from tests.doors.legacy.asking import litestar
from tests.living import built

OF_ACCOUNTS = [name for name, each in WIDGETS.items() if each.of == "account"]


def request_of(site: httpx.AsyncClient) -> ASGIConnection[Any, Any, Any, Any]:
    """Return a request that a widget is asked for with."""
    scope = {
        "type": "http",
        "litestar_app": built(litestar(site)).litestar,
        "client": ("127.0.0.1", 50000),
        "scheme": "https",
        "headers": [(b"host", b"localhost")],
        "path": "/w/balance",
        "query_string": b"",
        SEEN: Seen(address=ip_address("127.0.0.1"), why="A test asks."),
    }
    return ASGIConnection(cast("Scope", scope))


async def asked(
    site: httpx.AsyncClient, name: str, login: object = None, as_: Asker | None = None, **query: str
) -> Shown | Refused:
    """Return what a widget shows to somebody; to anybody unless told."""
    options = Options.read(query, now=make.NOW, columns=WIDGETS[name].columns)
    whose = None if login is None else str(login)
    return await asking.shown(request_of(site), WIDGETS[name], whose, options, as_ or Nobody())


async def shown(
    site: httpx.AsyncClient, name: str, login: object = None, as_: Asker | None = None, **query: str
) -> Shown:
    """Return what a widget shows, which must be figures."""
    found = await asked(site, name, login, as_, **query)
    assert isinstance(found, Shown), found
    return found
