"""The renderings of what a widget shows: each is made of the same, so all carry the same figures and the same time."""

from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct, structs

from opencabinet.doors.showing import drawing, feed, text
from opencabinet.doors.showing.model import Refused, Shown
from opencabinet.doors.widgets import frames, headers
from opencabinet.doors.widgets.asked import Asked
from opencabinet.doors.widgets.live import exact, said

Found = Shown | Refused


class Rendering(Struct, frozen=True, kw_only=True):
    """A rendering: its media type, how it is written, and its headers."""

    kind: str
    write: Callable[[Asked, Found], bytes]
    headers: Mapping[str, str]
    refused: str | None = None
    """Its media type where it tells of a problem, if that is another."""
    painted: bool = False
    """Whether what is written is painted then, pixel by pixel."""


def facts(asked: Asked, found: Found) -> bytes:
    """Write what is shown for scripts: the figures as v1 says them, and the tree that shows them."""
    shared = {
        "widget": found.widget,
        "login": found.login,
        "title": found.title,
        "tree": exact(asked, found),
    }
    about = {"language": found.language, "direction": found.direction}
    return msgspec.json.encode(shared | about | (of_shown(found) if isinstance(found, Shown) else of_refused(found)))


def of_shown(found: Shown) -> dict[str, Any]:
    """Return what is told of figures beside them."""
    honest = found.honesty
    return {
        "as_of": honest.as_of,
        "feed_state": honest.feed_state,
        "source": honest.source,
        "complete": honest.complete,
        "reason": honest.reason,
        "refresh_seconds": found.refresh_seconds,
        "said": said(found),
        "figures": [{"key": key, "text": cell.text, "value": cell.value} for key, cell in found.cells],
    }


def of_refused(found: Refused) -> dict[str, Any]:
    """Return what is told of a problem."""
    return {
        "status": found.status,
        "code": found.code,
        "heading": found.heading,
        "detail": found.text,
        "request_id": found.request_id,
        "retry_after": found.retry_seconds,
    }


def lines(asked: Asked, found: Found) -> bytes:
    """Write what is shown as lines of text."""
    del asked  # a text looks the same whatever is asked
    return text.text(found).encode()


def entries(asked: Asked, found: Found) -> bytes:
    """Write what is shown as a feed; a problem is told in words."""
    if isinstance(found, Refused):
        return lines(asked, found)
    return feed.atom(found, urlsplit(asked.base).hostname or "localhost", asked.address("atom"))


def drawn(asked: Asked, found: Found) -> bytes:
    """Draw what is shown as an SVG image."""
    look = asked.options
    if isinstance(found, Shown) and found.honesty.link:
        link = asked.checks + found.honesty.link  # whoever doubts a picture types the address
        found = structs.replace(found, honesty=structs.replace(found.honesty, link=link))
    return drawing.picture(found, width=look.width, theme=look.theme, accent=look.accent).encode()


RENDERINGS: Final[Mapping[str, Rendering]] = {
    "": Rendering(kind="text/html; charset=utf-8", write=frames.page, headers=headers.FRAME),
    "json": Rendering(kind="application/json", write=facts, headers=headers.FACTS, refused="application/problem+json"),
    "svg": Rendering(kind="image/svg+xml", write=drawn, headers=headers.PICTURE),
    "png": Rendering(kind="image/png", write=drawn, headers=headers.PICTURE, painted=True),
    "txt": Rendering(kind="text/plain; charset=utf-8", write=lines, headers=headers.FACTS),
    "atom": Rendering(
        kind="application/atom+xml; charset=utf-8",
        write=entries,
        headers=headers.FACTS,
        refused="text/plain; charset=utf-8",
    ),
}
"""The renderings, by how their addresses end."""
