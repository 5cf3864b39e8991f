"""The files of this door, and those that what is shown needs."""

from importlib.resources import files
from pathlib import Path
from typing import Final

from opencabinet.doors.embedding import Script
from opencabinet.doors.widgets.looks import RULE, rooms
from opencabinet.doors.widgets.scripts import Scripts
from opencabinet.doors.wording import LANGUAGES, marked, words

LOOK: Final = Path(str(files("opencabinet.doors.showing"))) / "static" / "widget.css"
SAID: Final = {
    "loading": marked("Loading …"),
    "heading": marked("The figures cannot be read just now"),
    "text": marked("It is tried again by itself. Nothing is wrong with the account."),
}
"""What an element says by itself, where it could not ask."""
OWN: Final = ":host{display:block;container:oc-host/inline-size}:host([hidden]){display:none}"


def texts() -> dict[str, dict[str, str]]:
    """Return what elements say, in every language."""
    return {each: {name: words(each).gettext(text) for name, text in SAID.items()} for each in LANGUAGES}


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
