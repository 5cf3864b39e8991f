"""Where the cabinet is reached, as it is written into what others show."""

from typing import Any, Final

from litestar.connection import ASGIConnection

HERE: Final = "opencabinet.here"
"""Where a question that is asked from within keeps how the page was asked for that asks it."""


def here(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """Return where the world reaches us, without a slash behind: as it is set, or else as we were asked.

    The host was judged at the edge: it holds nothing that means something in a page.
    """
    given = connection.app.state.public_url or connection.scope.get(HERE)
    return str(given) if given else f"{connection.scope['scheme']}://{connection.headers['host']}"
