"""How figures and times are written on both wires."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

NO_NEWER = "No price is known that is newer than the report."
NO_MARGIN = "No margin is used."


def figure(number: Decimal) -> str:
    """Write a figure without exponent and without trailing zeros."""
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"", "-0"} else text


def level(equity: Decimal, margin: Decimal) -> Decimal | None:
    """Return the equity in percent of the margin."""
    return (equity * 100 / margin).quantize(Decimal("0.01")) if margin else None


def time(moment: datetime) -> str:
    """Write a moment in UTC, with milliseconds."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def broker_time(moment: datetime, offset: int) -> str:
    """Write a moment as a clock shows it that is so many minutes ahead of UTC."""
    return (moment.astimezone(UTC).replace(tzinfo=None) + timedelta(minutes=offset)).isoformat(timespec="seconds")
