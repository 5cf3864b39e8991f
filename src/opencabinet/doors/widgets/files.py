"""The files of this door, and those that what is shown needs."""

from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from opencabinet.doors.embedding import Script
from opencabinet.doors.showing.definitions import WIDGETS
from opencabinet.doors.widgets.looks import RULE, rooms
from opencabinet.doors.widgets.scripts import Scripts
from opencabinet.doors.wording import LANGUAGES, Words, marked, words

LOOK: Final = Path(str(files("opencabinet.doors.showing"))) / "static" / "widget.css"
SAID: Final = {
    "account": marked("Account %(login)s"),
    "partner": marked("Partner %(login)s"),
    "loading": marked("Loading …"),
    "heading": marked("The figures cannot be read just now"),
    "text": marked("It is tried again by itself. Nothing is wrong with the account."),
}
"""What an element says by itself, where it could not ask."""
OWN: Final = ":host{display:block;container:oc-host/inline-size}:host([hidden]){display:none}"


def texts() -> dict[str, dict[str, Any]]:
    """Return what elements say, in every language."""
    return {each: spoken(words(each)) for each in LANGUAGES}


def spoken(said: Words) -> dict[str, Any]:
    """Return what elements say in a language; `%(login)s` is whose it is."""
    titles = {name: said.gettext(each.title) for name, each in WIDGETS.items()}
    return {name: said.gettext(text) for name, text in SAID.items()} | {"titles": titles, "direction": said.direction}


SHARED: Final = ("component.js", "embed.js", "room.css")
"""What pages of others name."""


def shared() -> dict[str, Script]:
    """Return what pages of others name, as they do so."""
    return {name: Script(path=FILES.address(name), integrity=FILES.files[name].integrity) for name in SHARED}


FILES: Final = Scripts(
    {
        "look.css": LOOK.read_text("utf-8") + OWN,
        "accent.css": RULE,
        "widgets.json": rooms(),
        "texts.json": texts(),
    },
    {"widget.css": LOOK},
)
