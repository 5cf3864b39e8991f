"""Asking v1 from within, as pages of the cabinet do for whoever is signed in."""

from ipaddress import ip_address
from typing import Any, Final

import httpx
from litestar import Request

from opencabinet.doors import within
from opencabinet.doors.seen import SEEN, Seen
from opencabinet.doors.within import Answer, Person
from tests.doors.legacy.asking import litestar
from tests.living import built

HOST: Final = b"cabinet.test"


def visiting(site: httpx.AsyncClient) -> Request[Any, Any, Any]:
    """Return the request for a page, in whose place questions are asked."""
    inner = built(litestar(site)).litestar
    scope: Any = {
        "type": "http",
        "method": "GET",
        "scheme": "http",
        "path": "/cabinet",
        "query_string": b"",
        "headers": [(b"host", HOST), (b"user-agent", b"Browser")],
        "state": {},
        "app": inner,
        "litestar_app": inner,
        SEEN: Seen(address=ip_address("127.0.0.1"), why="It is a test."),
    }
    return Request(scope)


async def asked_as(site: httpx.AsyncClient, token: str, target: str, **given: Any) -> Answer:
    """Ask v1 as the person of a session."""
    return await within.ask(visiting(site), target, Person(token), **given)
