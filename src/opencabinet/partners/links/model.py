"""Links of partners, and the operator's list of where they may lead: addresses that nobody can read in two ways."""

import re
from datetime import datetime
from ipaddress import ip_address
from typing import Annotated, Final

from msgspec import Meta, Struct

from opencabinet.kernel.ids import Login
from opencabinet.kernel.problem import Conflict, Malformed, Unknown

MOST_LINKS: Final = 100
"""So many links of a partner lead somewhere at a time."""
MOST_EVER: Final = 1_000
"""So many a partner can have made, for the code of one that is retired stays taken."""
MOST_DESTINATIONS: Final = 100
MOST_KEYWORDS: Final = 5
LONGEST_WORD: Final = 64
LONGEST_URL: Final = 2_000
LARGEST_PORT: Final = 65_535
# No user, no backslash, no space, no letter beyond ASCII, nothing that could end a header.
URL: Final = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9._-]{1,253})(?::(?P<port>[1-9][0-9]{0,4}))?"
    r"(?P<path>/[A-Za-z0-9._~!$&'()*+,;=:@/%-]*)?(?P<query>\?[A-Za-z0-9._~!$&'()*+,;=:@/?%-]*)?"
    r"(?P<fragment>#[A-Za-z0-9._~!$&'()*+,;=:@/?%-]*)?",
    re.ASCII | re.IGNORECASE,
)
LABEL: Final = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?", re.ASCII)
FIGURES: Final = re.compile(r"[0-9]+|0x[0-9a-f]*", re.ASCII)
USUAL_PORTS: Final = {"https": "443", "http": "80"}
HERE: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})
"""Hosts that are reached over plain http, too."""
CARRIED: Final = "click"
"""What a destination is told the click's token as."""


class BadDestination(Malformed):
    """A destination is an address over https, without a user in it: https://host/path."""


class NoSuchDestination(Unknown):
    """There is no such destination on the operator's list."""


class TooManyDestinations(Conflict):
    """There are 100 destinations at most."""


class BadLink(Malformed):
    """The link cannot be so."""


class NoSuchLink(Unknown):
    """The partner has no such link."""


class TooManyLinks(Conflict):
    """A partner has 100 links at most, and makes 1,000 in all: retire one first."""


class Destination(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A page that links may lead to. One that `carries` is told the click's token in its query."""

    id: Annotated[str, Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
    url: str
    title: Annotated[str, Meta(min_length=1, max_length=100)]
    language: Annotated[str, Meta(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})?$")] = "en"
    carries: bool = False
    active: bool = True


class Wanted(Struct, frozen=True, kw_only=True):
    """A link as a partner asks for it; without a code one is made by chance."""

    destination: str
    campaign: str = ""
    keywords: tuple[str, ...] = ()
    code: str | None = None

    def check(self) -> None:
        """See that its words can be kept.

        Raises:
            BadLink: if not.
        """
        if len(self.keywords) > MOST_KEYWORDS or len(set(self.keywords)) < len(self.keywords):
            raise BadLink(f"A link has {MOST_KEYWORDS} keywords at most, each once.")
        if not all(each and good_word(each) for each in self.keywords) or not good_word(self.campaign):
            raise BadLink(f"Keywords and campaigns have {LONGEST_WORD} characters at most, each of which can be seen.")


class Link(Struct, frozen=True, kw_only=True):
    """A link of a partner: `code` is what it is clicked by."""

    login: Login
    id: int
    code: str
    destination: str
    campaign: str
    keywords: list[str]
    created_at: datetime
    retired_at: datetime | None


def good_word(text: str) -> bool:
    """Whether a word of a partner's, or of whoever clicks, can be kept: short, and nothing in it that is not seen."""
    return len(text) <= LONGEST_WORD and text.isprintable()


def normalised(url: str) -> str:
    """Return the address of a destination as it is kept: one spelling of its host, and a path.

    Raises:
        BadDestination: if it can be read in two ways, is not https, or names nothing that can be.
    """
    found = URL.fullmatch(url) if len(url) <= LONGEST_URL else None
    if not found:
        raise BadDestination
    scheme, host, port = found["scheme"].lower(), host_in(found["host"].lower()), found["port"]
    if scheme == "http" and host not in HERE:
        raise BadDestination("A destination is reached over https; over http on this machine alone.")
    if port and int(port) > LARGEST_PORT:
        raise BadDestination("There is no such port.")
    told = "" if port in {None, USUAL_PORTS[scheme]} else f":{port}"
    return f"{scheme}://{host}{told}{found['path'] or '/'}{found['query'] or ''}{found['fragment'] or ''}"


def host_in(text: str) -> str:
    """Return a host in its one spelling.

    Raises:
        BadDestination: for what is neither a name nor an address: browsers read `127.1` and `0x7f.1` as addresses.
    """
    try:
        return f"[{ip_address(text[1:-1])}]" if text.startswith("[") else str(ip_address(text))
    except ValueError:
        labels = text.removesuffix(".").split(".")
        if text.startswith("[") or FIGURES.fullmatch(labels[-1]) or not all(map(LABEL.fullmatch, labels)):
            raise BadDestination("The host of the destination cannot be one.") from None
        return text


def carrying(url: str, token: str) -> str:
    """Return the address of a destination that is told the token of a click, before the fragment if there is one."""
    page, hash_mark, fragment = url.partition("#")
    return f"{page}{'&' if '?' in page else '?'}{CARRIED}={token}{hash_mark}{fragment}"
