"""Which servers are followed: the operator's file."""

import stat
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta, Struct

from opencabinet.ingest.feeds.metatrader.model import BadFeed, Feed
from opencabinet.kernel.problem import Malformed

LARGEST_BYTES: Final = 1_000_000
OTHERS: Final = stat.S_IRWXO


class File(Struct, frozen=True, forbid_unknown_fields=True):
    """What the file holds: one table for each server."""

    feed: Annotated[tuple[Feed, ...], Meta(min_length=1, max_length=100)]


def feeds(path: Path) -> tuple[Feed, ...]:
    """Return the servers that the file at `path` tells of.

    Raises:
        BadFeed: in one line, which holds no password.
    """
    try:
        if path.stat().st_mode & OTHERS:
            raise BadFeed(f"{path} holds passwords, but others may use it: `chmod o-rwx {path}`.")
        text = path.read_bytes()[: LARGEST_BYTES + 1]
    except OSError as wrong:
        raise BadFeed(f"{path}: {wrong.strerror}") from wrong
    if len(text) > LARGEST_BYTES:
        raise BadFeed(f"{path} is too long.")
    return read(str(path), text)


def read(name: str, text: bytes) -> tuple[Feed, ...]:
    """Return the servers that a text tells of."""
    try:
        given: dict[str, Any] = tomllib.loads(text.decode("utf-8"), parse_float=Decimal)
    except UnicodeDecodeError:
        raise BadFeed(f"{name} is not UTF-8.") from None
    except tomllib.TOMLDecodeError as wrong:
        raise BadFeed(f"{name} is not TOML: {wrong}") from None
    try:
        found = msgspec.convert(given, File).feed
    except msgspec.ValidationError as wrong:
        raise BadFeed(f"{name}: {str(wrong).replace('`$.', '`')}.") from None
    except Malformed as wrong:
        raise BadFeed(f"{name}: {wrong.detail}") from None
    names = [feed.server for feed in found]
    if twice := next((each for each in names if names.count(each) > 1), None):
        raise BadFeed(f"{name}: two feeds are of the server {twice!r}.")
    return found
