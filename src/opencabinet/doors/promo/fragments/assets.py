"""The files that fragments need, each under a name with the hash of what is in it, so that it is kept for good.

`embed.js` stands in snippets on pages of others, with its hash beside it: of what was given out once, nothing changes,
and nothing goes. A new one gets a new file in `static/embed`, and the old ones stay.
"""

import hashlib
from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from litestar import get
from litestar.params import FromPath
from msgspec import Struct

from opencabinet.access import Public
from opencabinet.doors.reply import Reply
from opencabinet.doors.spending import COST
from opencabinet.kernel.problem import Unknown

FOLDER: Final = Path(__file__).parent / "static"
WHERE: Final = "/informers/assets/"
KINDS: Final = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
HEADERS: Final = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Access-Control-Allow-Origin": "*",  # modules are asked for so, by pages of others and by frames in a sandbox
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Vary": "Accept-Encoding",
}


class NoSuchAsset(Unknown):
    """There is no such file."""


class Asset(Struct, frozen=True):
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


@cache
def assets() -> Mapping[str, Asset]:
    """Return every file by the name that it is asked for by, read once."""
    files = sorted(FOLDER.glob("*.*")) + sorted((FOLDER / "embed").glob("*.js"), key=lambda each: int(each.stem))
    return {each.name: each for each in map(loaded, files)}


def loaded(path: Path) -> Asset:
    """Return a file with the hash of its content in its name."""
    body, stem = path.read_bytes(), "embed" if path.parent.name == "embed" else path.stem
    return Asset(f"{stem}.{hashlib.sha256(body).hexdigest()[:16]}{path.suffix}", body)


@cache
def asset(name: str) -> Asset:
    """Return the newest of the files that were named so."""
    stem, suffix = name.split(".")
    return [each for each in assets().values() if each.name.startswith(f"{stem}.") and each.name.endswith(suffix)][-1]


def address(name: str) -> str:
    """Return where a file is asked for."""
    return WHERE + asset(name).name


@get(f"{WHERE}{{name:str}}", need=Public.PUBLIC, opt={COST: 0})
async def show_file(name: FromPath[str]) -> Reply:
    """Show a file that fragments need."""
    found = assets().get(name)
    if found is None:
        raise NoSuchAsset
    return Reply(found.body, found.kind, headers=HEADERS)
