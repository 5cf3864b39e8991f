"""The honesty line: of when figures are, how far they lag, whether the money is real, and whether they are whole."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Literal

from opencabinet.doors.showing.definitions.cells import foreign
from opencabinet.doors.showing.model import CURRENT_SECONDS, Honesty
from opencabinet.doors.wording import Words, marked

AS_OF: Final = "x-feed-as-of"
STATE: Final = "x-feed-state"
SOURCE: Final = "x-account-source"
SOURCES: Final = {"live": marked("Live account"), "demo": marked("Demo account")}
STATES: Final = {
    "loading": marked("The feed is loading"),
    "stale": marked("The feed is silent"),
    "failing": marked("The feed fails"),
}


def honest(words: Words, given: Mapping[str, Any], headers: Mapping[str, str], now: datetime, path: str) -> Honesty:
    """Return what is said of an answer of v1; `path` is where everybody who doubts it may ask again."""
    as_of, whole, reason = of_when(given), *completeness(given)
    told, state = headers.get(AS_OF), headers.get(STATE)
    lag = max(0, int((now - datetime.fromisoformat(told)).total_seconds())) if told else None
    source = source_of(headers)
    return Honesty(
        as_of=as_of,
        as_of_text=words.time(datetime.fromisoformat(as_of)) if as_of else words.gettext("Counted as it comes in"),
        lag_seconds=lag,
        lag_text=lag_text(words, lag, state),
        feed_state=state,
        source=source,
        source_text=words.gettext(SOURCES[source]) if source else None,
        complete=whole,
        complete_text=whole_text(words, whole),
        reason=None if reason is None else foreign(reason),
        link=path if headers.get("cache-control", "").startswith("public") else None,
    )


def of_when(given: Mapping[str, Any]) -> str | None:
    """Return of when an answer is: as it says, or else its newest row."""
    if "as_of" in given:
        return str(given["as_of"])
    rows: Sequence[Mapping[str, Any]] = given.get("data", [])
    times = [row.get("quoted_at") or row.get("updated_at") for row in rows]
    return max((each for each in times if each), default=None)


def completeness(given: Mapping[str, Any]) -> tuple[bool | None, str | None]:
    """Return whether an answer is whole, and why not."""
    for each in (given.get("receipt"), given, given.get("balance")):
        if isinstance(each, Mapping) and "complete" in each:
            return each["complete"], each.get("reason")
    return None, None


def source_of(headers: Mapping[str, str]) -> Literal["live", "demo"] | None:
    """Return whether the money is real, None where nobody told."""
    told = headers.get(SOURCE)
    return "live" if told == "live" else "demo" if told == "demo" else None


def lag_text(words: Words, lag: int | None, state: str | None) -> str | None:
    """Say how far the feed is behind."""
    if state in STATES:
        return words.gettext(STATES[state])
    if lag is None:
        return None
    if lag <= CURRENT_SECONDS:
        return words.gettext("Feed is current")
    return words.gettext("Feed is %(span)s behind") % {"span": words.span(lag)}


def whole_text(words: Words, whole: bool | None) -> str | None:  # noqa: FBT001 - it is what is said
    """Say whether the rows known explain the balance."""
    if whole is None:
        return None
    return words.gettext("History complete") if whole else words.gettext("History incomplete")
