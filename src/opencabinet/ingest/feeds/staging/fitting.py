"""What a record can hold."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from opencabinet.ingest.feeds.model import FeedRefused, Row
from opencabinet.kernel.ids import LARGEST

LARGEST_FIGURE: Final = Decimal(10) ** 16
"""What numeric(24,8) holds is smaller."""

LONGEST_TEXT: Final = 256
KEYS: Final = frozenset({"number", "deal", "ticket", "position", "order", "agent", "key"})
SMALL: Final = {"digits": 15, "leverage": 2**31 - 1}
PRESENT: Final = frozenset({"as_of", "quoted_at"})
"""Times up to which something is told: none that comes later would ever count."""
AHEAD: Final = timedelta(days=1)
"""By so much a server's clock may be ahead of ours."""
EARLIEST, LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)


def fitted(row: Row, name: str) -> Any:
    """Return a field of a row.

    Raises:
        FeedRefused: if no record can hold it.
    """
    value = getattr(row, name)
    if reason := misfit(name, value):
        raise FeedRefused(f"{told(row)}: {name} {reason}.")
    return value


def misfit(name: str, value: Any) -> str | None:
    """Say why no record can hold a value, or nothing when one can."""
    if isinstance(value, Decimal):
        return None if value.is_finite() and abs(value) < LARGEST_FIGURE else "is no figure below 10^16"
    if isinstance(value, int):
        most = SMALL.get(name, LARGEST)
        return None if (1 if name in KEYS else 0) <= value <= most else f"is no number up to {most}"
    if isinstance(value, str):
        return misspelt(value)
    if isinstance(value, datetime):
        return mistimed(name, value)
    return None


def mistimed(name: str, time: datetime) -> str | None:
    """Say why no record can be of a time, or nothing when one can."""
    if time.tzinfo is None or not EARLIEST <= time < LATEST:
        return "is no time between 1900 and 9000"
    return "is yet to come" if name in PRESENT and time > datetime.now(UTC) + AHEAD else None


def misspelt(text: str) -> str | None:
    """Say why no record can hold a text, or nothing when one can."""
    if len(text) > LONGEST_TEXT:
        return f"is longer than {LONGEST_TEXT} characters"
    return None if ("\0" not in text and text.isascii()) or encodes(text) else "has a character that no text may have"


def encodes(text: str) -> bool:
    """Whether a text is one that UTF-8 can write, without its zero."""
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


def told(row: Row) -> str:
    """Return what a row is called, by its kind and number."""
    tag = type(row).__struct_config__.tag
    key = next(getattr(row, name) for name in ("deal", "ticket", "key", "number", "symbol") if hasattr(row, name))
    return f"{tag} {key}"
