"""How widgets look on pages of others: the accent that they are given, and the room they take before they are there."""

from typing import Final

from litestar import get
from litestar.params import FromPath

from opencabinet.access import Public
from opencabinet.doors.embedding import Room, room
from opencabinet.doors.gate import NoSuchPath
from opencabinet.doors.reply import Reply
from opencabinet.doors.showing.definitions import WIDGETS
from opencabinet.doors.showing.options import COLOUR
from opencabinet.doors.spending import COST

ACCENTS: Final = "/w/accents/"
RULE: Final = ".oc-widget{--oc-accent:light-dark(oklch(from $ min(l,.52) c h),oklch(from $ max(l,.72) c h))}"
"""An accent as it is legible on either ground, whatever was asked for; `$` is the colour."""
HEADERS: Final = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Vary": "Accept-Encoding",
}


def rooms() -> dict[str, Room]:
    """Return how much room each widget takes, as scripts are told."""
    return {name: room(name) for name in WIDGETS}


def accented(colour: str) -> str:
    """Return where the style is that gives widgets an accent."""
    return f"{ACCENTS}{colour}.css"


@get(f"{ACCENTS}{{name:str}}", need=Public.PUBLIC, opt={COST: 0})
async def show_accent(name: FromPath[str]) -> Reply:
    """Show the style that gives widgets an accent: of six hex digits, and nothing else."""
    colour, _, ending = name.partition(".")
    if ending != "css" or not COLOUR.fullmatch(colour) or colour.startswith("#"):
        raise NoSuchPath
    return Reply(RULE.replace("$", f"#{colour.lower()}").encode(), "text/css; charset=utf-8", headers=HEADERS)
