"""Programmes as the operator writes them: a TOML file with a table `[[programmes]]` for each."""

import tomllib
from decimal import Decimal, InvalidOperation
from typing import Final

import msgspec
from msgspec import Struct

from opencabinet.bonuses.model import BadProgramme, Programme

LARGEST: Final = 2**20
"""Bytes of a file, at most."""


class File(Struct, frozen=True, forbid_unknown_fields=True):
    """What a file holds."""

    programmes: list[Programme]


def read(content: bytes) -> list[Programme]:
    """Return the programmes that a file holds.

    Raises:
        BadProgramme: for a file with a bad programme; it says which entry.
    """
    if len(content) > LARGEST:
        raise BadProgramme(f"It has more than {LARGEST // 2**20} MiB.")
    try:
        found = msgspec.convert(tomllib.loads(content.decode(), parse_float=Decimal), File).programmes
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, InvalidOperation, msgspec.ValidationError) as wrong:
        raise BadProgramme(f"It is no file of programmes: {wrong}") from wrong
    names = [each.name for each in found]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise BadProgramme(f"The programme {twice!r} is there twice.")
    return found
