"""The door of widgets on pages of others: elements, frames, pictures, text and feeds, all made of one answer of v1.

They are served on a host of their own where one is set. No cookie is read or set, and nothing is kept in a browser.
"""

from litestar import Router
from litestar.datastructures import Headers

from opencabinet.doors import hosts
from opencabinet.doors.gate import gate
from opencabinet.doors.widgets.files import FILES, shared
from opencabinet.doors.widgets.gallery import show_gallery
from opencabinet.doors.widgets.looks import show_accent
from opencabinet.doors.widgets.private import show_private_widget
from opencabinet.doors.widgets.problems import problem
from opencabinet.doors.widgets.sharing import show_embedding
from opencabinet.doors.widgets.showing import let_pages_show_keys, show_common_widget, show_widget

__all__ = ["let_pages_show_keys", "router", "shared"]


def router() -> Router:
    """Return the routes of this door. What they cost is what v1 is asked."""
    return Router(
        path="/",
        route_handlers=[
            show_common_widget,
            show_widget,
            show_private_widget,
            show_embedding,
            show_gallery,
            show_accent,
            FILES.handler,
        ],
        guards=[gate(nobody, before=(hosts.only_widgets,))],
        exception_handlers={Exception: problem},
    )


def nobody(headers: Headers) -> None:
    """Find no credential: v1 looks at what is shown, when it is asked."""
    del headers
