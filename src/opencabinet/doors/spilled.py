"""Credentials in a query: addresses are logged and shared, so what stands there must be taken for known to others."""

import re
from collections.abc import Collection
from typing import Final
from urllib.parse import unquote_plus

from opencabinet.kernel.problem import Malformed

LONGEST: Final = 16 * 1024
NAMES: Final = frozenset({"passkey", "password", "token"})
SECRET: Final = re.compile(r"^[\s\"']*(?:cc[bkprstw]|ocf)_|(?<![0-9A-Za-z])(?:cc[bkprstw]|ocf)_[0-9A-Za-z]{16}")
"""How every secret made here begins, but for the tokens of the legacy wire."""


class CredentialInAddress(Malformed):
    """Credentials belong into headers."""


def spilled(query: bytes, names: Collection[str] = NAMES) -> str | None:
    """Return the name of the first credential in a query, by its name or by its form; None if there is none."""
    for piece in re.split(rb"[?&]", query[:LONGEST]):
        name, _, value = piece.partition(b"=")
        said = spoken(name)
        if said.lower() in names or SECRET.search(said):
            return said if said.lower() in names else "query"
        if SECRET.search(spoken(value)):
            return said
    return None


def spoken(text: bytes) -> str:
    """Return what a piece of a query says."""
    return unquote_plus(text.decode("ascii", "replace"))


def refuse(query: bytes) -> None:
    """Refuse a query of the old wires that holds a credential. No client of theirs sends one there.

    Raises:
        CredentialInAddress: if it does.
    """
    if spilled(query) is not None:
        raise CredentialInAddress
