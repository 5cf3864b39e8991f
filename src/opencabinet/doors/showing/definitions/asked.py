"""What options become, of a question to v1."""

from collections.abc import Mapping, Sequence
from typing import Any

from opencabinet.doors.showing.definitions.cells import Told
from opencabinet.doors.showing.options import Options
from opencabinet.doors.wording import Words


def nothing(_options: Options) -> Mapping[str, str]:
    """Ask without more words."""
    return {}


def span(options: Options) -> Mapping[str, str]:
    """Ask for the period."""
    return options.span


def rows(options: Options) -> Mapping[str, str]:
    """Ask for the newest rows of the period, of one symbol if it is told."""
    return {**options.span, **one_symbol(options), "limit": str(options.rows)}


def one_symbol(options: Options) -> Mapping[str, str]:
    """Ask for one symbol, if it is told."""
    return {"symbol": options.symbol} if options.symbol else {}


def picked(told: Sequence[Told], options: Options, usual: int = 100) -> list[Told]:
    """Return the figures that are asked for, the usual ones if none is."""
    known = {each.name: each for each in told}
    return [known[name] for name in options.columns if name in known] or [each for each in told if each.usual][:usual]


def more(words: Words, given: Mapping[str, Any]) -> str | None:
    """Say that there are more rows than are shown."""
    page = given.get("page") or given
    return newest(words, len(given["data"])) if page["has_more"] else None


def newest(words: Words, number: int) -> str:
    """Say that only so many are shown, the newest."""
    said = words.ngettext(
        "The newest one is shown; there are more.", "The newest %(num)d are shown; there are more.", number
    )
    return said % {"num": number}
