"""Query strings as real programs write them: `??`, `?&`, empty pieces, and names in any case."""

import re
from datetime import UTC, datetime
from typing import Any, Final, Self
from urllib.parse import unquote_plus

from litestar import Request
from msgspec import Struct

from opencabinet.kernel.problem import Malformed

LATEST: Final = 253_370_764_800
"""The start of the year 9999 in Unix seconds: nothing happens later."""
WHOLE: Final = re.compile(r"[0-9]{1,18}", re.ASCII)


class Query(Struct, frozen=True):
    """The parameters of a query by their names in lower case; of several with one name, the last."""

    given: dict[str, str]

    @classmethod
    def of(cls, request: Request[Any, Any, Any]) -> Self:
        """Return the query of a request."""
        raw: bytes = request.scope["query_string"]
        pieces = (piece.partition("=") for piece in re.split("[?&]", raw.decode("ascii", "replace")) if piece)
        return cls({unquote_plus(name).lower(): unquote_plus(value) for name, _, value in pieces})

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
