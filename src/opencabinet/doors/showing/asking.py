"""Asking v1 what a widget shows, from within the process; it judges, redacts and counts as it does for everybody."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlencode

from litestar.connection import ASGIConnection
from msgspec import Struct

from opencabinet.doors import within
from opencabinet.doors.showing.honesty import honest
from opencabinet.doors.showing.model import Question, Refused, Shown, Widget
from opencabinet.doors.showing.options import Options
from opencabinet.doors.showing.refusing import refused
from opencabinet.doors.within import Answer, Asker, Nobody
from opencabinet.doors.wording import words

Request = ASGIConnection[Any, Any, Any, Any]
MOST_PAGES: Final = 8
"""How often an answer that was cut is gone on with."""


class Told(Struct, frozen=True):
    """What v1 answered to a question: the answer, whole, and its address."""

    answer: Answer
    given: Any
    target: str


async def shown(request: Request, widget: Widget, login: str | None, options: Options, as_: Asker) -> Shown | Refused:
    """Ask v1 what a widget shows, and show it; what v1 refuses becomes what is shown instead."""
    said, now = words(options.lang), datetime.now(UTC)
    told = await asyncio.gather(*(whole(request, each, login, options, as_) for each in widget.questions))
    first = told[0]
    for each in told:
        if not each.answer.good:
            problem = each.given if isinstance(each.given, Mapping) else {}
            return refused(widget, login, said, each.answer.status, problem, shown=not isinstance(as_, Nobody))
    answers = {question.name: each.given for question, each in zip(widget.questions, told, strict=True)}
    return Shown(
        widget=widget.name,
        login=login,
        title=said.gettext(widget.title),
        language=said.language,
        direction=said.direction,
        honesty=honest(said, first.given, first.answer.headers, now, first.target),
        blocks=tuple(widget.show(answers, options, said)),
        refresh_seconds=widget.refresh_seconds,
    )


async def whole(request: Request, question: Question, login: str | None, options: Options, as_: Asker) -> Told:
    """Ask a question, and go on where the answer was cut, so that what is drawn does not end in the middle."""
    query = dict(question.query(options))
    found = await once(request, question, login, query, as_)
    pages = 1
    while found.answer.good and question.follow and found.given[question.follow] and pages < MOST_PAGES:
        further = await once(request, question, login, query | {"from": found.given[question.follow]}, as_)
        if not further.answer.good:
            return further
        given = {**further.given, "data": [*found.given["data"], *further.given["data"]]}
        found, pages = Told(further.answer, given, found.target), pages + 1
    return found


async def once(request: Request, question: Question, login: str | None, query: Mapping[str, str], as_: Asker) -> Told:
    """Ask a question once."""
    target = address(question, login, query)
    answer = await within.ask(request, target, as_)
    return Told(answer, answer.json, target)


def address(question: Question, login: str | None, query: Mapping[str, str]) -> str:
    """Return where a question is asked."""
    path = question.path.format(login=login)
    return f"{path}?{urlencode(query)}" if query else path
