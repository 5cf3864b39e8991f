"""The cabinet in the browser: pages of clients, partners and operators, rendered here, their parts loaded by htmx."""

from typing import Any

from litestar import Request, Router

from opencabinet.doors import hosts
from opencabinet.doors.cabinet import access, builder, client, operator, partner, settings, signing
from opencabinet.doors.cabinet.files import FILES
from opencabinet.doors.cabinet.operator.lending import operating
from opencabinet.doors.cabinet.problems import problem
from opencabinet.doors.cabinet.seat import seat
from opencabinet.doors.caller import CHANNEL

__all__ = ["asked", "operating", "problem", "routers"]

AREAS = (signing, settings, client, access, builder, partner, operator)


def routers(*, pay_in: str = "", pay_out: str = "") -> list[Router]:
    """Return the routes of this door; money is paid in and out on pages of the broker's, where there are any."""
    pages = Router(
        path="/cabinet",
        route_handlers=[handler for area in AREAS for handler in area.handlers],
        opt={CHANNEL: "cabinet", client.PAYING: (pay_in, pay_out)},
        guards=[hosts.never_widgets, seat()],
        exception_handlers={Exception: problem},
    )
    return [pages, Router(path="/", route_handlers=[FILES.handler], guards=[hosts.never_widgets])]


def asked(request: Request[Any, Any, Any]) -> bool:
    """Whether the cabinet is asked for something that is not there, or that it does not do: a page says so."""
    path = request.scope["path"]
    return (path == "/cabinet" or path.startswith("/cabinet/")) and not hosts.for_widgets(request)
