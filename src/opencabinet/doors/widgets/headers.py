"""Headers: who may keep what is shown, which pages may read it, and what it may do where it is shown."""

from collections.abc import Mapping
from typing import Final

from opencabinet.doors.widgets.asked import Asked
from opencabinet.doors.within import Nobody

OPEN: Final = "public, no-cache"
"""What everybody may read may be kept, but is asked for again each time: closing an account works at once."""
NEVER: Final = "private, no-store"
VARY: Final = "Accept-Encoding, Accept-Language, Authorization, Origin"
EXPOSED: Final = "ETag, Retry-After, X-Request-Id"
FRAME: Final[Mapping[str, str]] = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors https: http:; "
    "require-trusted-types-for 'script'; trusted-types 'none'",
    "Cross-Origin-Embedder-Policy": "require-corp",  # pages that are isolated take no other frames
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Permissions-Policy": "camera=(), clipboard-read=(), display-capture=(), geolocation=(), microphone=(), "
    "payment=(), publickey-credentials-get=(), usb=()",
    "Referrer-Policy": "strict-origin",
}
"""Of pages that stand in frames: they run scripts of this host alone, and none that is made of text."""
PICTURE: Final[Mapping[str, str]] = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
"""Of pictures: whoever opens one by itself has a page that can do nothing."""
FACTS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
"""Of what scripts and programs read."""


def kept(asked: Asked, *, open_: bool) -> dict[str, str]:
    """Return who may keep an answer, and which pages may read it: everybody what is open to everybody.

    A page that shows a publishable key reads what that opens, or that it is refused: it then takes away what it showed.
    Nothing else that is shown lets another page read anything.
    """
    found = {"Cache-Control": OPEN if open_ else NEVER, "Vary": VARY}
    page = "*" if isinstance(asked.as_, Nobody) else asked.page
    if page is not None:
        found |= {"Access-Control-Allow-Origin": page, "Access-Control-Expose-Headers": EXPOSED}
    return found
