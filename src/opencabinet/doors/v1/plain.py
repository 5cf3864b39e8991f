"""Plain http: whoever listens on the way has the token and the account, so it is refused unless that is known."""

from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from opencabinet.doors.v1.problems import PlainHttp


def refuse_plain(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Refuse a request over plain http, before anything it shows is looked at.

    Raises:
        PlainHttp: unless only this machine can ask, or the operator allows it: a proxy in front adds https then.
    """
    del handler  # every one of the API
    if connection.scope["scheme"] not in {"https", "wss"} and not connection.app.state.plain_http:
        raise PlainHttp
