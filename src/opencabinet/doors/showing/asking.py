"""Asking v1 what a widget shows, from within the process; it judges, redacts and counts as it does for everybody."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlencode

from litestar.connection import ASGIConnection
from msgspec import Struct

from opencabinet.doors import within
from opencabinet.doors.showing.honesty import honest
from opencabinet.doors.showing.model import Honesty, Question, Refused, Shown, Widget
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
    told = await asked(request, widget, login, options, as_)
    return problem_of(widget, login, options, told, as_) or showing(widget, login, options, told)


async def asked(request: Request, widget: Widget, login: str | None, options: Options, as_: Asker) -> Sequence[Told]:
    """Ask v1 all that a widget shows."""
    return await asyncio.gather(*(whole(request, each, login, options, as_) for each in widget.questions))


def problem_of(widget: Widget, login: str | None, options: Options, told: Sequence[Told], as_: Asker) -> Refused | None:
    """Return what is shown instead where v1 refused something; None where it refused nothing."""
    wrong = next((each for each in told if not each.answer.good), None)
    if wrong is None:
        return None
    problem = wrong.given if isinstance(wrong.given, Mapping) else {}
    said, shown = words(options.lang), not isinstance(as_, Nobody)
    return refused(widget, login, said, wrong.answer.status, problem, shown=shown)


def honesty(options: Options, told: Sequence[Told]) -> Honesty:
    """Return what is said of answers of v1: of the first, which a widget is named for."""
    first = told[0]
    return honest(words(options.lang), first.given, first.answer.headers, datetime.now(UTC), first.target)


def showing(widget: Widget, login: str | None, options: Options, told: Sequence[Told]) -> Shown:
    """Show what v1 answered."""
    said = words(options.lang)
    answers = {question.name: each.given for question, each in zip(widget.questions, told, strict=True)}
    return Shown(
        widget=widget.name,
        login=login,
        title=said.gettext(widget.title),
        language=said.language,
        direction=said.direction,
        honesty=honesty(options, told),
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
