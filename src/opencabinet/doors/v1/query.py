"""The query of a v1 request: each operation names its parameters, and anything else is refused."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from msgspec import Struct

from opencabinet.doors import ticketing
from opencabinet.doors.spilled import spilled
from opencabinet.doors.v1.problems import CredentialInQuery, Invalid, TooMuch
from opencabinet.kernel.period import EVER, Period

USUAL_LIMIT: Final = 100
LARGEST_LIMIT: Final = 500
LONGEST_QUERY: Final = 4096
MOST_PARAMETERS: Final = 30
LONGEST_NAME: Final = 64
# Full dates and times with a zone, as RFC 3339 has them, to the millisecond; Python reads much more.
MOMENT: Final = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d:\d\d)(?:(\.\d{1,3})\d*)?([Zz]|[+-]\d\d:\d\d))?", re.ASCII
)
HOW_TIMES: Final = "Give a time with its zone (2026-03-02T09:30:00Z) or a date (2026-03-02)."
DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
WHOLE: Final = re.compile(r"[0-9]{1,9}", re.ASCII)
CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
SPOKEN: Final = r"^[^\x00-\x1f\x7f-\x9f]*$"
"""What a text may hold, as the documentation says it: anything but control characters."""
CREDENTIALS: Final = frozenset(
    {"access_token", "api_key", "apikey", "auth", "authorization", "bearer", "client_secret", "key", "passkey"}
    | {"passwd", "password", "pwd", "refresh_token", "secret", "ticket", "token"}
)


class Parameter(Struct, frozen=True, kw_only=True):
    """A parameter of a query: how it is read, and what the documentation says of it."""

    name: str
    read: Callable[[str], Any]
    text: str
    schema: Mapping[str, Any]
    usual: Any = None
    required: bool = False
    example: str | None = None


class Query(Struct, frozen=True):
    """What a query asks for: every parameter of its operation, by name."""

    given: Mapping[str, Any]
    text: str
    """The query in one spelling, without what only pages through it."""

    def __getitem__(self, name: str) -> Any:
        return self.given[name]

    @property
    def period(self) -> Period:
        """The period between `from` and `to`."""
        return Period.of(self.given["from"], self.given["to"])


def read(raw: bytes, parameters: Iterable[Parameter]) -> Query:
    """Read a query.

    Raises:
        Invalid: for a parameter that is not known, is given twice, or cannot be read.
    """
    known = {parameter.name: parameter for parameter in parameters}
    given = pieces(raw)
    for name in given:
        if name not in known:
            listed = ", ".join(known) or "none"
            raise Invalid(name[:LONGEST_NAME], f"There is no such parameter here; known are: {listed}.")
    values = {name: each.read(given[name]) if name in given else each.usual for name, each in known.items()}
    paging = {"cursor", "limit", "fields"}
    return Query(values, urlencode([(name, given[name]) for name in sorted(given.keys() - paging)]))


def refuse_credentials(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Refuse credentials in a query, before any is looked for where it belongs: addresses are logged and shared.

    Raises:
        CredentialInQuery: for the first of them.
    """
    raw = connection.scope["query_string"]
    name = spilled(ticketing.without(raw) if ticketing.taken(handler) else raw, CREDENTIALS)
    if name is not None:
        raise CredentialInQuery(name[:LONGEST_NAME], "Credentials are taken from headers and bodies only.")


def pieces(raw: bytes) -> dict[str, str]:
    """Take a query apart."""
    if len(raw) > LONGEST_QUERY:
        raise TooMuch("query", f"A query has at most {LONGEST_QUERY} bytes.")
    try:
        pairs = parse_qsl(raw.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MOST_PARAMETERS)
    except ValueError as wrong:
        raise Invalid("query", "The query cannot be read.") from wrong
    found: dict[str, str] = {}
    for name, value in pairs:
        if name in found:
            raise Invalid(name[:LONGEST_NAME], "It is given twice.")
        if CONTROL.search(value):
            raise Invalid(name[:LONGEST_NAME], "It holds control characters.")
        found[name] = value
    return found


def moment(name: str) -> Callable[[str], datetime]:
    """Return the reader of a moment: a date and time with a zone, or a date, which means its midnight in UTC."""

    def read_moment(text: str) -> datetime:
        found = MOMENT.fullmatch(text)
        try:
            day, at, fraction, zone = found.groups() if found else ("", "", "", "")
            whole = f"{day}T{at or '00:00:00'}{fraction or ''}{zone or 'Z'}"
            read_at = datetime.fromisoformat(whole.upper()).astimezone(UTC)
        except (ValueError, OverflowError) as wrong:
            raise Invalid(name, HOW_TIMES) from wrong
        return min(max(read_at, EVER.since), EVER.until)

    return read_moment


def read_date(name: str) -> Callable[[str], date]:
    """Return the reader of a day."""

    def read_day(text: str) -> date:
        try:
            return date.fromisoformat(text if DAY.fullmatch(text) else "")
        except ValueError as wrong:
            raise Invalid(name, "Give a day (2026-03-02).") from wrong

    return read_day


def whole(name: str, most: int) -> Callable[[str], int]:
    """Return the reader of a whole number from 1 to `most`; more is refused, not cut."""

    def read_whole(text: str) -> int:
        if not WHOLE.fullmatch(text) or not int(text):
            raise Invalid(name, f"Give a whole number from 1 to {most}.")
        if int(text) > most:
            raise TooMuch(name, f"At most {most} are given at once.")
        return int(text)

    return read_whole


def choice(name: str, words: Iterable[str]) -> Callable[[str], str]:
    """Return the reader of one of some words."""
    known = tuple(words)

    def read_choice(text: str) -> str:
        if text not in known:
            raise Invalid(name, f"Give one of: {', '.join(known)}.")
        return text

    return read_choice


def named(name: str) -> Callable[[str], str]:
    """Return the reader of a name."""

    def read_name(text: str) -> str:
        if not 0 < len(text) <= LONGEST_NAME:
            raise Invalid(name, f"Give a name of 1 to {LONGEST_NAME} letters.")
        return text

    return read_name


def words(name: str, known: Iterable[str]) -> Callable[[str], tuple[str, ...]]:
    """Return the reader of some words with commas between them."""
    listed = frozenset(known)

    def read_words(text: str) -> tuple[str, ...]:
        found = tuple(dict.fromkeys(text.split(",")))
        if unknown := set(found) - listed:
            raise Invalid(name, f"There is no member {min(unknown)[:LONGEST_NAME]!r} here.")
        return found

    return read_words


def one_of(name: str, known: tuple[str, ...], text: str, usual: str | None = None) -> Parameter:
    """Return a parameter that is one of some words."""
    schema: dict[str, Any] = {"type": "string", "enum": list(known)}
    return Parameter(name=name, read=choice(name, known), text=text, schema=schema, usual=usual)


def fields(known: tuple[str, ...]) -> Parameter:
    """Return the parameter that picks members of an answer."""
    one = f"({'|'.join(known)})"
    return Parameter(
        name="fields",
        read=words("fields", known),
        text="Only these members, with commas between them; of a list, the members of its rows.",
        schema={"type": "string", "pattern": f"^{one}(,{one})*$"},
        example=known[0],
    )


DATE_TIME: Final = {"type": "string", "format": "date-time"}
FROM: Final = Parameter(
    name="from",
    read=moment("from"),
    text="Start of the period, included, to the millisecond; a date alone means its midnight in UTC.",
    schema=DATE_TIME,
    example="2026-01-01T00:00:00Z",
)
TO: Final = Parameter(
    name="to",
    read=moment("to"),
    text="End of the period, excluded. To the newest unless told.",
    schema=DATE_TIME,
    example="2027-01-01T00:00:00Z",
)
CURSOR: Final = Parameter(
    name="cursor",
    read=named("cursor"),
    text="Where to go on: `next_cursor` of the page before, with the same other parameters.",
    schema={"type": "string", "maxLength": LONGEST_NAME},
)
LIMIT: Final = Parameter(
    name="limit",
    read=whole("limit", LARGEST_LIMIT),
    text=f"At most so many rows; more than {LARGEST_LIMIT} are refused.",
    schema={"type": "integer", "minimum": 1, "maximum": LARGEST_LIMIT, "default": USUAL_LIMIT},
    usual=USUAL_LIMIT,
)
SYMBOL: Final = Parameter(
    name="symbol",
    read=named("symbol"),
    text="Only this symbol, in any letter case.",
    schema={"type": "string", "minLength": 1, "maxLength": LONGEST_NAME, "pattern": SPOKEN},
    example="EURUSD",
)
LISTING: Final = (FROM, TO, CURSOR, LIMIT)
