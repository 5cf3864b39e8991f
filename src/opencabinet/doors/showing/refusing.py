"""What a widget says instead of figures: in words that tell what to do, and never whether there is such an account."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from opencabinet.doors.showing.definitions.cells import foreign
from opencabinet.doors.showing.model import Refused, Widget
from opencabinet.doors.showing.options import BadOption
from opencabinet.doors.wording import Words, marked

Said = tuple[str, str]
CLOSED: Final = (
    marked("This account is closed"),
    marked("Whoever has its API password can see this here."),
)
EXPIRED: Final = (
    marked("Your access has ended"),
    marked("What you showed is not valid, or no longer. Ask for access again."),
)
SAID: Final[Mapping[int, Said]] = {
    HTTPStatus.FORBIDDEN: (
        marked("Not shown here"),
        marked("The owner of the account does not show this to this page, or to your network."),
    ),
    HTTPStatus.NOT_FOUND: (
        marked("Nothing to show"),
        marked("There is no such account, or it is not yours."),
    ),
    HTTPStatus.TOO_MANY_REQUESTS: (
        marked("Asked too often"),
        marked("Too many questions came at once. The figures come back by themselves."),
    ),
}
WRONG: Final = (
    marked("This widget is set up wrongly"),
    marked("One of its settings cannot be understood. Whoever put it here can set it right."),
)
FAILED: Final = (
    marked("The figures cannot be read just now"),
    marked("It is tried again by itself. Nothing is wrong with the account."),
)
INVALID: Final = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY})
AGAIN: Final = 30
"""Seconds after which it is tried again where nobody told how many."""
PASSING: Final = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})


def said(status: int, *, shown: bool) -> Said:
    """Return what is said to a status: `shown` tells whether a credential was."""
    if status == HTTPStatus.UNAUTHORIZED:
        return EXPIRED if shown else CLOSED
    return SAID.get(status, FAILED)


def refused(
    widget: Widget, login: str | None, words: Words, status: int, problem: Mapping[str, Any], *, shown: bool
) -> Refused:
    """Return what a widget shows for a problem of v1."""
    wrong = status in INVALID or (widget.of == "nobody" and status == HTTPStatus.NOT_FOUND)
    heading, text = WRONG if wrong else said(status, shown=shown)
    again = problem.get("retry_after")
    passing = status in PASSING or status >= HTTPStatus.INTERNAL_SERVER_ERROR
    return Refused(
        widget=widget.name,
        login=login,
        title=words.gettext(widget.title),
        language=words.language,
        direction=words.direction,
        status=status,
        code=str(problem.get("code", "unavailable")),
        heading=words.gettext(heading),
        text=words.gettext(text),
        detail=foreign(str(problem["detail"])) if wrong and "detail" in problem else None,
        request_id=problem.get("request_id"),
        retry_seconds=int(again) if again else AGAIN if passing else None,
    )


def wrongly_set(widget: Widget, login: str | None, words: Words, wrong: BadOption) -> Refused:
    """Return what a widget shows for an option that cannot be read."""
    problem = {"code": "invalid_option", "detail": wrong.detail}
    return refused(widget, login, words, HTTPStatus.BAD_REQUEST, problem, shown=False)
