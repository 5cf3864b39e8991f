"""Static files of a door, each under a name with the hash of what is in it, so that browsers keep it for good."""

import hashlib
from base64 import b64encode
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Final

from litestar import get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from msgspec import Struct

from opencabinet.access import Public
from opencabinet.doors.reply import Reply
from opencabinet.doors.spending import COST
from opencabinet.kernel.problem import Unknown

DOOR: Final = "door"
"""What handlers say that are made for a door outside of it."""
KINDS: Final = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}


class NoSuchFile(Unknown):
    """There is no such file."""


class File(Struct, frozen=True):
    """A file, under the name that it is asked for by."""

    name: str
    body: bytes

    @property
    def kind(self) -> str:
        """Its media type."""
        return KINDS[Path(self.name).suffix]

    @property
    def integrity(self) -> str:
        """What a page compares it with before it is run."""
        return f"sha384-{b64encode(hashlib.sha384(self.body).digest()).decode()}"


class Files:
    """The files of a folder, and some of packages, served below the address of a door; `headers` go with each."""

    def __init__(self, door: str, folder: Path, headers: Mapping[str, str], more: Mapping[str, Path]) -> None:
        self.where = f"/{door}/static/"
        self.door = door
        self.headers = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding", **headers}
        self.paths = {each.name: each for each in sorted(folder.iterdir()) if each.suffix in KINDS} | dict(more)

    @cached_property
    def files(self) -> Mapping[str, File]:
        """Every file by its plain name, read once."""
        return {name: loaded(name, path.read_bytes()) for name, path in self.paths.items()}

    @cached_property
    def by_address(self) -> Mapping[str, File]:
        """Every file by the name that it is asked for by."""
        return {each.name: each for each in self.files.values()}

    def address(self, name: str) -> str:
        """Return where a file is asked for."""
        return self.where + self.files[name].name

    @property
    def handler(self) -> HTTPRouteHandler:
        """What serves them."""

        @get(f"{self.where}{{name:str}}", need=Public.PUBLIC, opt={COST: 0})
        async def show_file(name: FromPath[str]) -> Reply:
            """Show a file that pages need."""
            found = self.by_address.get(name)
            if found is None:
                raise NoSuchFile
            return Reply(found.body, found.kind, headers=self.headers)

        show_file.opt[DOOR] = self.door
        return show_file


def loaded(name: str, body: bytes) -> File:
    """Return a file with the hash of its content in its name."""
    path = Path(name)
    return File(f"{path.stem}.{hashlib.sha256(body).hexdigest()[:16]}{path.suffix}", body)
