"""Query strings as real programs write them: `??`, `?&`, empty pieces, and names in any case."""

import re
from datetime import UTC, datetime
from typing import Any, Final, Self
from urllib.parse import unquote_plus

from litestar import Request
from msgspec import Struct

from opencabinet.doors.figures import LATEST
from opencabinet.doors.method import Parameter
from opencabinet.kernel.period import Period
from opencabinet.kernel.problem import Malformed

LONGEST_TEXT: Final = 64
WHOLE: Final = re.compile(r"[0-9]{1,18}", re.ASCII)
USUAL: Final = 1_000
MOST: Final = 10_000
LIMIT: Final = Parameter(
    "limit", "query", "integer", f"At most so many, the newest: {USUAL} unless told, up to {MOST}."
)


def period_of(what: str) -> tuple[Parameter, Parameter]:
    """Describe the two parameters that bound a period."""
    return (
        Parameter("from", "query", "integer", f"Unix seconds; {what} at this time or later."),
        Parameter("to", "query", "integer", f"Unix seconds; {what} before this time."),
    )


class Query(Struct, frozen=True):
    """The parameters of a query by their names in lower case; of several with one name, the last.

    A period may stand in the path instead, and counts before one in the query.
    """

    given: dict[str, str]

    @classmethod
    def of(cls, request: Request[Any, Any, Any]) -> Self:
        """Return the query of a request."""
        raw: bytes = request.scope["query_string"]
        pieces = (piece.partition("=") for piece in re.split("[?&]", raw.decode("ascii", "replace")) if piece)
        given = {unquote_plus(name).lower(): unquote_plus(value) for name, _, value in pieces}
        in_path = {name: request.path_params[name] for name in ("from", "to") if name in request.path_params}
        return cls(given | in_path)

    @property
    def period(self) -> Period:
        """The time from `from` on and before `to`; empty if it would end before it begins."""
        return Period(self.time("from", 0), self.time("to", LATEST))

    @property
    def limit(self) -> int:
        """How many rows are asked for, at most."""
        return self.number("limit", USUAL, least=1, most=MOST)

    def text(self, name: str) -> str | None:
        """Return what is given, without blanks around it, or None.

        Raises:
            Malformed: if it is longer than any name, or holds what no name does.
        """
        text = self.given.get(name, "").strip()
        if len(text) > LONGEST_TEXT or not text.isprintable():
            raise Malformed(f"{name} is a name of at most {LONGEST_TEXT} printable characters.")
        return text or None

    def number(self, name: str, usual: int, *, least: int, most: int) -> int:
        """Return a whole number between two bounds, or the usual one if none is given.

        Raises:
            Malformed: for anything else.
        """
        text = self.given.get(name, "").strip() or str(usual)
        if not WHOLE.fullmatch(text) or not least <= int(text) <= most:
            raise Malformed(f"{name} is a whole number from {least} to {most}.")
        return int(text)

    def time(self, name: str, usual: int) -> datetime:
        """Return a moment given in Unix seconds."""
        return datetime.fromtimestamp(self.number(name, usual, least=0, most=LATEST), UTC)
