"""Where the cabinet is reached, as it is written into what others show."""

from typing import Any

from litestar.connection import ASGIConnection


def here(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """Return where the world reaches us, without a slash behind: as it is set, or else as we were asked.

    The host was judged at the edge: it holds nothing that means something in a page.
    """
    given: str = connection.app.state.public_url
    return given or f"{connection.scope['scheme']}://{connection.headers['host']}"
