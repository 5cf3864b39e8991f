"""What proxies wrote: the addresses in X-Forwarded-For and in Forwarded (RFC 7239), read from the right."""

import re
from collections.abc import Callable, Iterator
from typing import Final

from opencabinet import access
from opencabinet.access import Address
from opencabinet.kernel.problem import Malformed

MOST: Final = 50
"""How many entries are looked at."""
LONGEST: Final = 8192
"""How many bytes of a header are read, all its lines together."""
BLANKS: Final = " \t"
WORD: Final = r"[!#$%&'*+.^_`|~0-9A-Za-z-]++"
QUOTED: Final = r'"(?:[^"\\]|\\.)*+"'
ELEMENT: Final = re.compile(rf'(?:[^",]|{QUOTED})*+', re.DOTALL)
PAIR: Final = re.compile(rf"({WORD})=({WORD}|{QUOTED})", re.DOTALL)
PAIRS: Final = re.compile(rf'(?:[^";]|{QUOTED})++', re.DOTALL)
NODE: Final = re.compile(r"(?:\[([0-9A-Fa-f.]*+:[0-9A-Fa-f:.]*+)\]|([0-9.]++))(?::(?:[0-9]{1,5}|_[0-9A-Za-z._-]++))?")


class Unreadable(Malformed):
    """What a trusted proxy wrote cannot be read; the detail goes on after the header's name, and repeats none of it."""


def forwarded_for(text: str) -> Iterator[Address]:
    """Give the addresses of X-Forwarded-For from the right: bare ones, as no standard says how ports are told apart.

    Raises:
        Unreadable: when an entry that is no address is come to.
    """
    for entry in reversed(text.rsplit(",", MOST)):
        yield address(entry.strip(BLANKS))


def forwarded(text: str) -> Iterator[Address]:
    """Give the addresses of Forwarded from the right.

    Where elements begin can be told from the left only, since quoted text may hold commas. A client that opens a
    quotation, to hide in it what proxies add, does not get through: it closes in their own first quotation mark, and
    no element goes on behind a closing mark.

    Raises:
        Unreadable: at once for a quotation without an end, and when an element that names no address is come to.
    """
    for element in reversed(elements(text)):
        yield node(element)


WRITTEN: Final[dict[str, Callable[[str], Iterator[Address]]]] = {
    "x-forwarded-for": forwarded_for,
    "forwarded": forwarded,
}
"""The headers that can be read."""


def elements(text: str) -> list[str]:
    """Split at the commas that stand outside of quotations."""
    found, place = [], 0
    while piece := ELEMENT.match(text, place):
        found.append(piece[0])
        place = piece.end() + 1
        if piece.end() == len(text):
            return found
        if text[piece.end()] != ",":
            break
    raise Unreadable("has a quotation without an end")


def node(element: str) -> Address:
    """Return the address that an element of Forwarded is `for`."""
    given: dict[str, str] = {}
    for piece in PAIRS.findall(element):
        pair = PAIR.fullmatch(piece.strip(BLANKS))
        if pair is None or pair[1].lower() in given:
            raise Unreadable("has a malformed entry")
        given[pair[1].lower()] = unquoted(pair[2])
    found = NODE.fullmatch(given.get("for", ""))
    if found is None:
        raise Unreadable("has an entry that names no address")
    return address(found[1] or found[2])


def unquoted(value: str) -> str:
    """Return what a quoted or bare value says."""
    return re.sub(r"\\(.)", r"\1", value[1:-1], flags=re.DOTALL) if value.startswith('"') else value


def address(text: str) -> Address:
    """Return an address written in full, a mapped one as IPv4; a zone means something on one machine only."""
    known = None if "%" in text else access.peer(text)
    if known is None:
        raise Unreadable("has an entry that is no address")
    return known
