"""Hosts: what stands on pages of others has one of its own, where that is set, and the cabinet is never served there.

So nothing that runs on a page of somebody else is of the cabinet's origin, whatever goes wrong in it.
"""

from typing import Any
from urllib.parse import quote, urlsplit

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from opencabinet.doors.gate import NoSuchPath
from opencabinet.doors.here import here
from opencabinet.kernel.problem import Unknown


class Elsewhere(Unknown):
    """This page is on another host."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address


def asked(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """Return the host that was asked, without its port, and without the dot that may end a name and changes nothing.

    The edge let in none that means something else.
    """
    return (urlsplit(f"//{connection.headers['host']}").hostname or "").removesuffix(".")


def for_widgets(connection: ASGIConnection[Any, Any, Any, Any]) -> bool:
    """Whether the host that was asked is that of widgets, and of nothing else."""
    own: str = connection.app.state.widgets_host
    return bool(own) and asked(connection) == own.strip("[]")


def only_widgets(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Refuse to serve widgets elsewhere than on the host of their own.

    Raises:
        NoSuchPath: if they have one, and another was asked.
    """
    del handler  # each of them
    if connection.app.state.widgets_host and not for_widgets(connection):
        raise NoSuchPath


async def never_widgets(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Refuse to serve the cabinet on the host of widgets.

    Raises:
        Elsewhere: if that was asked, and it is known where the cabinet is.
        NoSuchPath: if that is not known.
    """
    del handler  # each of them
    if not for_widgets(connection):
        return
    cabinet: str = connection.app.state.public_url
    if not cabinet or urlsplit(cabinet).hostname == asked(connection):
        raise NoSuchPath
    query = connection.scope["query_string"].decode("ascii", "replace")
    raise Elsewhere(cabinet + quote(connection.scope["path"]) + (f"?{query}" if query else ""))


def widgets(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """Return where the world reaches widgets, without a slash behind: on their own host if they have one."""
    origin: str = connection.app.state.widgets_origin
    return origin or here(connection)
