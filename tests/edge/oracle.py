"""Who calls, worked out a second time and otherwise: the C library reads addresses, networks are numbers, and quoted
text is read letter by letter. Nothing here is the server's.
"""

import socket
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

MOST: Final = 50
LONGEST: Final = 8192
TOKEN: Final = frozenset("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
HIDDEN: Final = frozenset("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ._-")
MAPPED: Final = bytes(10) + b"\xff\xff"
PAIR: Final = 2


class Net(NamedTuple):
    """A network as a number of bytes, the bits that count, and how many they are."""

    address: bytes
    length: int

    def holds(self, address: bytes) -> bool:
        """Whether an address begins with the bits that count."""
        if len(address) != len(self.address):
            return False
        rest = len(address) * 8 - self.length
        return int.from_bytes(address) >> rest == int.from_bytes(self.address) >> rest


def packed(text: str) -> bytes | None:
    """Return the bytes of an address, the last four of a mapped one."""
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            found = socket.inet_pton(family, text)
        except (OSError, ValueError):
            continue
        return found[12:] if found.startswith(MAPPED) and len(found) > len(MAPPED) else found
    return None


def net(text: str) -> Net:
    """Return a network."""
    address, _, length = text.partition("/")
    found = packed(address)
    assert found is not None
    return Net(found, int(length or len(found) * 8))


def caller(peer: str, headers: Iterable[tuple[bytes, bytes]], proxies: Iterable[str], header: str) -> str | None:
    """Return who calls, None where that cannot be told."""
    trusted = [net(text) for text in proxies]
    here = packed(peer)
    if here is None or not any(each.holds(here) for each in trusted):
        return spelled(here)
    values = [value.decode("latin-1") for name, value in headers if name.decode() == header]
    whole = ",".join(values)
    if not values or len(whole) > LONGEST:
        return None
    found: list[bytes | None] = list(plain(whole) if header == "x-forwarded-for" else quoted(whole))
    for looked, address in enumerate(reversed(found), 1):
        if address is None or looked > MOST:
            return None
        if not any(each.holds(address) for each in trusted):
            return spelled(address)
    return spelled(found[0])


def spelled(address: bytes | None) -> str | None:
    """Return an address as it is usually written."""
    if address is None:
        return None
    return socket.inet_ntop(socket.AF_INET if len(address) == len(MAPPED) // 3 else socket.AF_INET6, address)


def plain(text: str) -> Iterator[bytes | None]:
    """Give each entry between commas."""
    for entry in text.split(","):
        while entry[:1] in {" ", "\t"} and entry:
            entry = entry[1:]  # noqa: PLW2901 - peeled
        while entry[-1:] in {" ", "\t"} and entry:
            entry = entry[:-1]  # noqa: PLW2901 - peeled
        yield packed(entry)


def quoted(text: str) -> list[bytes | None]:
    """Give each element; one that nobody can find the end of is all there is."""
    elements: list[list[str]] = [[""]]
    inside = escaped = False
    for letter in text:
        if inside:
            elements[-1][-1] += letter
            inside, escaped = escaped or letter != '"', letter == "\\" and not escaped
        elif letter == ",":
            elements.append([""])
        elif letter == ";":
            elements[-1].append("")
        else:
            elements[-1][-1] += letter
            inside = letter == '"'
    return [None] if inside else [element(pairs) for pairs in elements]


def element(pairs: list[str]) -> bytes | None:
    """Return the address an element is for."""
    given: dict[str, str] = {}
    for pair in pairs:
        if not pair:
            continue
        name, equals, value = pair.strip(" \t").partition("=")
        said = unwrapped(value)
        if not equals or not name or not set(name) <= TOKEN or said is None or name.lower() in given:
            return None
        given[name.lower()] = said
    return node(given.get("for", ""))


def unwrapped(value: str) -> str | None:
    """Return what a value says: a token, or quoted text that ends where the value does."""
    if not value.startswith('"'):
        return value if value and set(value) <= TOKEN else None
    said, letters = "", iter(value[1:])
    for letter in letters:
        if letter == '"':
            return said if next(letters, None) is None else None
        said += next(letters, "") if letter == "\\" else letter
    return None


def node(text: str) -> bytes | None:
    """Return the address of a node, whatever its port is."""
    if text.startswith("["):
        address, closed, port = text[1:].partition("]")
        if not closed or ":" not in address:
            return None
    else:
        address, colon, port = text.partition(":")
        port = colon + port
        if ":" in address or not address[:1].isdigit():
            return None
    return packed(address) if port_like(port) else None


def port_like(text: str) -> bool:
    """Whether text is nothing, or a colon and a port or the name of one."""
    if not text:
        return True
    if text[0] != ":":
        return False
    port = text[1:]
    if port.startswith("_"):
        return len(port) >= PAIR and set(port) <= HIDDEN
    return 1 <= len(port) <= 5 and set(port) <= set("0123456789")
