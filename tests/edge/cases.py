"""Requests as clients and proxies could make them, good and bad, from a tape of choices."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple, TypeVar

PROXIES: Final = ("10.0.0.0/8", "127.0.0.1", "2001:db8:cafe::/48", "198.51.100.64/26")
TRUSTED: Final = ("10.0.0.1", "10.255.255.255", "127.0.0.1", "2001:db8:cafe::1", "::ffff:10.1.2.3", "198.51.100.100")
OTHERS: Final = ("203.0.113.7", "2001:db8:1::7", "198.51.100.63", "11.0.0.1", "127.0.0.2", "::ffff:203.0.113.7", "::1")
STRANGE: Final = (
    *(
        "",
        " ",
        "unknown",
        "_hidden",
        "010.0.0.1",
        "0xa.0.0.1",
        "167772161",
        "10.1",
        "10.0.0.1:80",
        "[::1]",
        "fe80::1%1",
    ),
    *(
        "10.0.0.0/8",
        "10.0.0.256",
        "１0.0.0.1",
        "2002:a00:1::",
        "64:ff9b::a00:1",
        "2001::1",
        "::10.0.0.1",
        "::",
        "a",
        "-",
    ),
    *(
        '"10.0.0.1"',
        "10.0.0.1\x00",
        "10.0.0.1 10.0.0.2",
        "1:2:3:4:5:6:7::",
        "::2:3:4:5:6:7:8",
        "1::2::3",
        ":",
        "::ffff:1",
    ),
    *("::FFFF:10.0.0.1", "::ffff:a00:1", "2001:DB8:CAFE::1", "02001:db8:cafe::1", "10.0.0.1.", ".10.0.0.1", "+1.2.3.4"),
)
PIECES: Final = ('"', "\\", ";", ",", "=", "for", "for=", "by=1", "proto=https", " ", "\t", '\\"', "[", "]", ":", ":80")
HEADERS: Final = ("x-forwarded-for", "forwarded")
NAMES: Final = (
    *HEADERS,
    *HEADERS,
    "x-real-ip",
    "x_forwarded_for",
    "X-Forwarded-For",
    "x-forwarded-for-",
    "forwarded-for",
)
LETTERS: Final = "".join(map(chr, range(256)))
Thing = TypeVar("Thing")


class Case(NamedTuple):
    """A request, and whom the server trusts."""

    peer: str
    headers: list[tuple[bytes, bytes]]
    proxies: tuple[str, ...]
    header: str


class Tape:
    """Bytes that choose; at their end the first of everything is chosen."""

    def __init__(self, choices: bytes) -> None:
        self.choices: Iterator[int] = iter(choices)

    def number(self, below: int) -> int:
        """Choose a number."""
        return next(self.choices, 0) % below

    def one(self, things: Sequence[Thing]) -> Thing:
        """Choose one of some."""
        return things[self.number(len(things))]

    def many(self, make: Callable[[], Thing], most: int) -> list[Thing]:
        """Make as many as are chosen, at most so many."""
        return [make() for _ in range(self.number(most + 1))]


def case(tape: Tape) -> Case:
    """Make a request."""
    header = tape.one(HEADERS)

    def line() -> tuple[bytes, bytes]:
        name = tape.one((header, header, header, *NAMES))
        return name.encode(), text(tape, name).encode("utf-8" if tape.number(2) else "latin-1", "replace")

    peer = tape.one((*TRUSTED * 5, *OTHERS, "nonsense", ""))
    return Case(
        peer,
        [line(), *tape.many(line, 3)] if tape.number(12) else [],
        tape.one((PROXIES, PROXIES, PROXIES, PROXIES[:1], ())),
        header,
    )


def text(tape: Tape, name: str) -> str:
    """Write a header of this name, mostly as it ought to be."""
    if not tape.number(12):
        return "".join(tape.many(lambda: tape.one(LETTERS), 20)).replace("\r", "").replace("\n", "")
    write = element if name == "forwarded" and tape.number(10) else address
    return tape.one((", ", ",", " ,\t")).join([write(tape), *tape.many(lambda: write(tape), 4)])


def address(tape: Tape) -> str:
    """Write an address, or something like one."""
    kind = tape.number(16)
    if kind == 0:
        return "".join(tape.many(lambda: tape.one((*PIECES, *OTHERS, *TRUSTED)), 6))
    return tape.one(STRANGE if kind <= 3 else OTHERS if kind <= 7 else TRUSTED)


def element(tape: Tape) -> str:
    """Write an element of Forwarded, well or not."""
    written = address(tape)
    bracketed = f"[{written}]" if ":" in written else written
    well = (f'for="{bracketed}"', f'For="{bracketed}:443";proto=https', f'by=10.0.0.9; for="{bracketed}"')
    ill = (
        *(f"for={written}", f"for={bracketed}", f'for="{written}";for="{written}"', f'proto=http;for="{bracketed}"x'),
        *(
            f'for="{bracketed}:_p";;host="a,b;c\\""',
            f'for="{bracketed}:123456"',
            f'for="\\{bracketed}"',
            f'"{bracketed}',
        ),
    )
    return tape.one(well if tape.number(5) else ill)


def attack(tape: Tape, client: str) -> Case:
    """Make a request of a client that wrote whatever it liked, to which a trusted proxy added who the client is."""
    header = tape.one(HEADERS)
    ways: tuple[Callable[[], str], ...] = (
        lambda: text(tape, header),
        lambda: noise(tape),
        lambda: element(tape) + tape.one(('"', noise(tape))),
    )
    lines = [tape.one(ways)() for _ in range(1 + tape.number(3))]
    added = client if header == "x-forwarded-for" else told(tape, client)
    if tape.number(2):
        lines[-1] += ", " + added
    else:
        lines.append(added)
    sent = [(header.encode(), line.encode("latin-1", "replace")) for line in lines]
    return Case("10.0.0.1", sent, PROXIES, header)


def noise(tape: Tape) -> str:
    """Write pieces of the grammar in no order."""
    return "".join(tape.many(lambda: tape.one((*PIECES, *PIECES, *TRUSTED, *OTHERS)), 12))


def told(tape: Tape, client: str) -> str:
    """Write the client as a proxy does, which repeats the client's words in quotation marks of its own."""
    bracketed = f"[{client}]" if ":" in client else client
    bare = client if ":" not in client else f'"{bracketed}"'
    words = noise(tape).replace("\\", "\\\\").replace('"', '\\"')
    return tape.one(
        (
            f"for={bare}",
            f'for="{bracketed}"',
            f'for="{bracketed}:80";host="{words}"',
            f'host="{words}";for="{bracketed}"',
        )
    )
