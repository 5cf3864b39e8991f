"""Who may frame a private widget: pages that its owner named by a key, or the page that a ticket was made for."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from litestar.connection import ASGIConnection
from msgspec import Struct

from opencabinet import access
from opencabinet.access import AccessDenied, Kind
from opencabinet.access.credentials.origins import origin as spelled
from opencabinet.access.secrets import PREFIXES, TOKEN_LETTERS, formed
from opencabinet.doors import lending, turn
from opencabinet.doors.widgets import headers
from opencabinet.doors.widgets.asked import Place

KEY: Final = "key"
"""A publishable key in the address: everybody may know it, and it opens nothing that is closed."""
ON: Final = "on"
"""The origin of the page that a ticket was made for."""
NOBODY: Final = "'none'"
ANYBODY: Final = "frame-ancestors https: http:"


class Framing(Struct, frozen=True, kw_only=True):
    """The pages that may frame a widget, and whether it may ask for the API password there."""

    origins: tuple[str, ...] = ()
    on: str | None = None
    asks: bool = True

    @property
    def ancestors(self) -> tuple[str, ...]:
        """The origins of pages that may stand around it."""
        return self.origins if self.on is None else (self.on,)

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers of its page: nobody keeps it, no other page frames it, and none is told its address."""
        allowed = " ".join(self.ancestors) or NOBODY
        policy = headers.FRAME["Content-Security-Policy"].replace(ANYBODY, f"frame-ancestors {allowed}")
        return {
            **headers.FRAME,
            "Content-Security-Policy": policy,
            "Referrer-Policy": "no-referrer",
            "Cache-Control": headers.NEVER,
            "Vary": headers.VARY,
        }


def parted(raw: bytes) -> tuple[bytes, dict[str, str]]:
    """Part a query into how the widget is to look, and what is told of the page around it."""
    pairs = parse_qsl(raw.decode("ascii", "replace"), keep_blank_values=True)
    ours = {name: value for name, value in pairs if name in {KEY, ON}}
    return urlencode([(name, value) for name, value in pairs if name not in ours]).encode(), ours


async def framing(connection: ASGIConnection[Any, Any, Any, Any], where: Place, told: Mapping[str, str]) -> Framing:
    """Return who may frame a widget. For a ticket it is one page, which then is not asked for the password.

    Raises:
        BadOrigin: if what is told of the page is none.
    """
    if told.get(ON):
        return Framing(on=spelled(told[ON]), asks=False)
    return Framing(origins=await named(connection, where, told.get(KEY, "")))


async def named(connection: ASGIConnection[Any, Any, Any, Any], where: Place, key: str) -> tuple[str, ...]:
    """Return the pages that the owner named by a key for this widget; none for one that is not for it."""
    if not formed(key, PREFIXES[Kind.PUBLISHABLE], TOKEN_LETTERS):
        return ()
    try:
        with turn.aside(connection):
            async with lending.pool(connection).lend() as conn:
                found = await access.bearer(conn, key, Kind.PUBLISHABLE)
    except AccessDenied:
        return ()
    ours = str(found.login) == where.login and where.widget.needs in (found.functions or ())
    return found.origins if ours else ()
