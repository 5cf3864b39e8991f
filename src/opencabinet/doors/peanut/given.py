"""What a body holds: the token, and which rows of a list are asked for."""

from datetime import UTC, datetime
from typing import Any, Final

from msgspec import Struct

from opencabinet.access import AccessDenied, Ground
from opencabinet.doors import body
from opencabinet.doors.figures import LATEST
from opencabinet.doors.method import Parameter
from opencabinet.kernel.period import Period
from opencabinet.kernel.problem import Malformed

USUAL: Final = 1_000
MOST: Final = 10_000
PAGE: Final = (
    Parameter("from", "body", "integer", "Unix seconds: from this time on."),
    Parameter("to", "body", "integer", "Unix seconds: before this time."),
    Parameter("count", "body", "integer", f"At most so many: {USUAL} unless told."),
    Parameter("offset", "body", "integer", f"So many of the newest are passed over; with count {MOST} at most."),
)


class Given(Struct, frozen=True):
    """What a body holds, by names in lower case."""

    members: dict[str, Any]

    def __repr__(self) -> str:
        return "Given(***)"

    @property
    def token(self) -> str:
        """The token.

        Raises:
            AccessDenied: if there is none: an open account, too, is read here with a token only.
        """
        token = self.members.get("token")
        if token is None or token == "":
            raise AccessDenied("No token was shown.", Ground.NOTHING_SHOWN)
        if not isinstance(token, str):
            raise Malformed("A token is a string.")
        return token

    def number(self, name: str, usual: int, *, least: int, most: int) -> int:
        """Return a whole number between two bounds, or the usual one if none is given.

        Raises:
            Malformed: for anything else.
        """
        found = self.members.get(name)
        if isinstance(found, str) and found.isascii() and found.isdigit() and len(found) <= body.LONGEST_LOGIN:
            found = int(found)
        if found is None:
            return usual
        if isinstance(found, bool) or not isinstance(found, int) or not least <= found <= most:
            raise Malformed(f"{name} is a whole number from {least} to {most}.")
        return found

    @property
    def period(self) -> Period:
        """The time from `from` on and before `to`."""
        since, until = (
            datetime.fromtimestamp(self.number(name, usual, least=0, most=LATEST), UTC)
            for name, usual in (("from", 0), ("to", LATEST))
        )
        return Period(since, until)

    @property
    def page(self) -> slice:
        """Which rows are asked for, counted from the newest.

        Raises:
            Malformed: if they lie too far down.
        """
        offset = self.number("offset", 0, least=0, most=MOST - 1)
        count = self.number("count", min(USUAL, MOST - offset), least=1, most=MOST - offset)
        return slice(offset, offset + count)
