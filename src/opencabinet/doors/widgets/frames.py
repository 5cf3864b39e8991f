"""Widgets as pages that stand in frames of others: whole without a script, and kept up to date by one."""

from typing import Final

from markupsafe import Markup

from opencabinet.doors.showing.html import written
from opencabinet.doors.showing.model import Refused, Shown
from opencabinet.doors.showing.text import text
from opencabinet.doors.widgets.asked import Asked
from opencabinet.doors.widgets.files import FILES
from opencabinet.doors.widgets.live import exact, said
from opencabinet.doors.widgets.looks import accented
from opencabinet.doors.wording import pages

PACKAGE: Final = "opencabinet.doors.widgets"
SCHEMES: Final = {"auto": "light dark", "host": "light dark", "light": "light", "dark": "dark"}
LONGEST_CARD: Final = 300
"""Letters of what is said of a page where somebody shares its address."""
RETRY_SECONDS: Final = 60
"""When a page without figures asks again, unless it was told."""
CARD_WIDTH: Final = 600


def page(asked: Asked, found: Shown | Refused) -> bytes:
    """Write the page of a widget."""
    options = asked.options
    rendered = (
        pages(PACKAGE, found.language)
        .get_template("frame.html")
        .render(
            asked=asked,
            found=found,
            options=options,
            scheme=SCHEMES[options.theme],
            accent=accented(options.accent) if options.accent else None,
            asset=FILES.address,
            widget=Markup(written(exact(asked, found))),  # noqa: S704 - everything within was escaped
            said=said(found),
            card=card(found),
            picture=asked.drawn(CARD_WIDTH),
            shared=isinstance(found, Shown),
            refresh=found.refresh_seconds if isinstance(found, Shown) else found.retry_seconds or RETRY_SECONDS,
            source=asked.source if asked.wrong is None else "",
            closed=asked.inside if isinstance(found, Refused) and found.closed else "",
        )
    )
    return rendered.encode()


def card(found: Shown | Refused) -> str:
    """Return what is said of a page where its address is shared: its first lines."""
    lines = [each.strip() for each in text(found).splitlines()[1:] if each.strip()]
    said = " · ".join(" ".join(each.split()) for each in lines)
    return said if len(said) <= LONGEST_CARD else said[: LONGEST_CARD - 1] + "…"
