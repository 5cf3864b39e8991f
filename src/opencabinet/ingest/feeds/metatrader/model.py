"""What an operator tells of a server whose reporting database is followed."""

import re
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Final, Literal
from urllib.parse import unquote, urlsplit

from msgspec import Meta, Struct

from opencabinet.kernel.clock import clock
from opencabinet.kernel.problem import Malformed

Mask = Annotated[str, Meta(min_length=1, max_length=64)]
LEFT_OUT: Final = ("manager*", "demo*", "test*", "coverage*", "preliminary*")
PORT: Final = 3306
LONGEST_POLL: Final = 3600
NAMED: Final = re.compile(r"[^\x00-\x1f\x7f]+")


class BadFeed(Malformed):
    """What is told of a server to follow is not understood."""


class SourceUnfit(Malformed):
    """What a reporting database holds cannot be read as it stands."""


class Address(Struct, frozen=True, kw_only=True):
    """Where a reporting database is, and who reads it; the password never shows."""

    host: str
    port: int
    user: str
    password: str
    database: str

    def __repr__(self) -> str:
        """Show it without the password."""
        return f"{self.user}@{self.host}:{self.port}/{self.database}"

    __str__ = __repr__


class Feed(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A server to follow: where its reporting database is, what is left out, how often it is asked."""

    server: Annotated[str, Meta(min_length=1, max_length=64)]
    kind: Literal["mt4", "mt5"]
    url: Annotated[str, Meta(min_length=1, max_length=2048)]
    clock: Annotated[str, Meta(max_length=64)] = ""
    groups: Annotated[tuple[Mask, ...], Meta(min_length=1, max_length=200)] = ("*",)
    leave_out: Annotated[tuple[Mask, ...], Meta(max_length=200)] = LEFT_OUT
    cent_groups: Annotated[tuple[Mask, ...], Meta(max_length=200)] = ()
    cent_lots: bool = False
    bonus_is_credit: bool = True
    names: bool = False
    currency: Annotated[str, Meta(pattern="^([A-Z0-9]{3,8})?$")] = ""
    poll_seconds: Decimal = Decimal(1)
    floating_seconds: Annotated[int, Meta(ge=0, le=3600)] = 5
    overlap_seconds: Annotated[int, Meta(ge=0, le=86_400)] = 10
    sweep_minutes: Annotated[int, Meta(ge=1, le=10_080)] = 30
    stale_seconds: Annotated[int, Meta(ge=5, le=604_800)] = 300
    page_rows: Annotated[int, Meta(ge=1, le=200_000)] = 50_000
    statement_seconds: Annotated[int, Meta(ge=1, le=3600)] = 30

    def __post_init__(self) -> None:
        """Refuse what cannot be meant.

        Raises:
            Malformed: in one line.
        """
        address(self.url)
        if not 0 <= self.poll_seconds <= LONGEST_POLL:
            raise BadFeed(f"{self.server}: `poll_seconds` is between 0 and {LONGEST_POLL}.")
        if self.clock:
            clock(self.clock)
        elif self.kind == "mt4":
            raise BadFeed(f"{self.server}: an MT4 server does not tell its clock: give `clock`.")

    def __repr__(self) -> str:
        """Show it without the password."""
        return f"Feed({self.server!r}, {self.kind!r}, {self.address})"

    __str__ = __repr__

    @property
    def address(self) -> Address:
        """Where its database is."""
        return address(self.url)

    @property
    def followed(self) -> str:
        """A regular expression of the groups that are followed, which PostgreSQL and Python read alike."""
        return masks(self.groups)

    @property
    def unfollowed(self) -> str:
        """The same of the groups that are left out."""
        return masks(self.leave_out)

    @property
    def cents(self) -> str:
        """The same of the groups whose money is in cents."""
        return masks(self.cent_groups)


class FeedStanding(Struct, frozen=True, kw_only=True):
    """How the feed of a server is: up to when it has told all, when it was last heard, what waits for its account."""

    server: str
    kind: str
    state: str
    as_of: datetime | None
    heard_at: datetime
    rows: int
    problem: str
    swept_at: datetime | None
    parked: int

    def lag_seconds(self, now: datetime) -> int | None:
        """How far what we hold is behind, in seconds."""
        return None if self.as_of is None else max(0, int((now - self.as_of).total_seconds()))


def address(url: str) -> Address:
    """Return the address that a URL spells.

    Raises:
        BadFeed: in words of ours, for the URL holds a password.
    """
    try:
        found = urlsplit(url)
        port = found.port or PORT
    except ValueError:
        found, port = urlsplit(""), 0
    database = unquote(found.path.removeprefix("/"))
    parts = (found.hostname or "", unquote(found.username or ""), database)
    if (
        found.scheme not in {"mysql", "mariadb"}
        or not all(map(NAMED.fullmatch, parts))
        or found.query
        or "/" in database
    ):
        raise BadFeed(
            "A `url` is malformed. Is it mysql://reader:password@host:port/database, with percent-encoding for "
            "whatever is special in the password (@ is %40, / is %2F)?"
        )
    return Address(host=parts[0], port=port, user=parts[1], password=unquote(found.password or ""), database=database)


def masks(given: tuple[str, ...]) -> str:
    r"""Return the regular expression of masks, to be compared with lower case; `*` is anything, a back-slash itself."""
    return (
        "^(" + "|".join(".*".join(map(literal, mask.lower().split("*"))) for mask in given) + ")$" if given else "^$a"
    )


def literal(text: str) -> str:
    """Return `text` so that a regular expression means it literally."""
    return "".join(each if each.isalnum() or each == " " else "\\" + each for each in text)
