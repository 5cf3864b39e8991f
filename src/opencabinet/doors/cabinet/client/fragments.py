"""Pieces of pages that are made as widgets are: figures, charts, tables and the line that says how good they are."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final

from markupsafe import Markup
from msgspec import Struct

from opencabinet.doors.showing import tree
from opencabinet.doors.showing.honesty import honest
from opencabinet.doors.showing.html import written
from opencabinet.doors.showing.model import Block, Refused, Shown
from opencabinet.doors.showing.refusing import said as refusing
from opencabinet.doors.within import Answer
from opencabinet.doors.wording import Words

AGAIN_FROM: Final = 500
INVALID: Final = frozenset({400, 422})


class Failed(Struct, frozen=True, kw_only=True):
    """What v1 refused, or could not answer: what is said of it, and the number that helps whoever is asked."""

    status: int
    heading: str
    text: str
    detail: str | None
    request_id: str | None


def failed(words: Words, answer: Answer) -> Failed:
    """Say why there are no figures."""
    heading, text = refusing(answer.status, shown=True)
    problem: Any = answer.json if answer.headers.get("content-type", "").endswith("json") else {}
    if answer.status in INVALID:
        heading, text = words.gettext("This cannot be asked so"), words.gettext("One of the filters is not understood.")
    return Failed(
        status=answer.status,
        heading=words.gettext(heading),
        text=words.gettext(text),
        detail=problem.get("detail") if answer.status in INVALID else None,
        request_id=problem.get("request_id"),
    )


def markup(elements: Iterable[Any]) -> Markup:
    """Return elements as HTML; all that is in them was escaped."""
    return Markup("".join(written(each) for each in elements))  # noqa: S704 - everything within was escaped


def blocks(words: Words, shown: Iterable[Block]) -> Markup:
    """Return blocks as a widget shows them, without its frame."""
    return markup(tree.block(each, words, "") for each in shown)


def honesty(words: Words, answer: Answer) -> Markup:
    """Return the line that says of when an answer is, and whether it is whole."""
    told = honest(words, answer.json, answer.headers, datetime.now(UTC), "")
    return markup([tree.honesty(told, words, "")])


def inside(words: Words, shown: Shown | Refused) -> Markup:
    """Return what a widget shows, without its heading: the page has one."""
    if isinstance(shown, Refused):
        return markup([tree.refusal(shown, words)])
    return markup([*(tree.block(each, words, "") for each in shown.blocks), tree.honesty(shown.honesty, words, "")])
