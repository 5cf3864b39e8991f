"""The scripts that stand on pages of others: native modules, each joined into one file when the server starts.

One file is one hash: a page that names it (`integrity`) runs what was looked at, and nothing that this imports. Modules
are joined by leaving out what binds them: every name in them is told apart already.
"""

import json
import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import msgspec

from opencabinet.doors.embedding import room_rules
from opencabinet.doors.files import File, Files, loaded

KEPT: Final = Path(__file__).parent / "kept"
"""What earlier releases gave out, under the names that pages of others know: none of it changes, and none goes."""
FOLDER: Final = Path(__file__).parent
MODULES: Final = FOLDER / "modules"
STATIC: Final = FOLDER / "static"
PLACE: Final = "w"
JOINED: Final = ("component.js", "frame.js", "embed.js", "private.js")
"""What pages ask for; every other module is a part of these."""
ROOM: Final = "room.css"
"""The style that keeps the room of elements until there is a script."""
IMPORT: Final = re.compile(r'^import (?:\{ [\w, ]+ \}|(\w+)) from "\./([\w.-]+)";\n', re.MULTILINE)
EXPORT: Final = re.compile(r"^export (?=function|class|const)", re.MULTILINE)
HEADERS: Final = {
    "Access-Control-Allow-Origin": "*",  # modules are asked for so, by pages of others and by frames in a sandbox
    "Cross-Origin-Resource-Policy": "cross-origin",
}


class Scripts(Files):
    """The files of this door: `given` are the values that modules import, by the names they do so."""

    def __init__(self, given: Mapping[str, Any], more: Mapping[str, Path]) -> None:
        super().__init__(PLACE, STATIC, HEADERS, more)
        self.door = "widgets"
        self.given = given

    @cached_property
    def files(self) -> Mapping[str, File]:
        """Every file by its plain name, read once."""
        kept = {name: loaded(name, path.read_bytes()) for name, path in self.paths.items()}
        made = {name: loaded(name, joined(name, self.given).encode()) for name in JOINED}
        return kept | made | {ROOM: loaded(ROOM, room_rules().encode())}

    @cached_property
    def by_address(self) -> Mapping[str, File]:
        """Every file by the name that it is asked for by, those of earlier releases too."""
        earlier = {each.name: File(each.name, each.read_bytes()) for each in sorted(KEPT.glob("*.*.*"))}
        return earlier | {each.name: each for each in self.files.values()}


def joined(name: str, given: Mapping[str, Any]) -> str:
    """Return a module with all that it imports, each part once and before what needs it."""
    parts: dict[str, str] = {}
    gather(name, given, parts)
    return "".join(parts.values())


def gather(name: str, given: Mapping[str, Any], parts: dict[str, str]) -> None:
    """Put a module behind what it imports."""
    text = (MODULES / name).read_text("utf-8")
    for value, imported in IMPORT.findall(text):
        if imported in parts:
            continue
        if value:
            parts[imported] = f"const {value} = {written(given[imported])};\n"
        else:
            gather(imported, given, parts)
    parts[name] = EXPORT.sub("", IMPORT.sub("", text))


def written(value: Any) -> str:
    """Write a value as JavaScript has it, in letters that are read the same in any encoding."""
    return json.dumps(msgspec.to_builtins(value), ensure_ascii=True, separators=(",", ":"))
