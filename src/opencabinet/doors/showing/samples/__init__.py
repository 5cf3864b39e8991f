"""Every widget in every state, of invented facts: for the gallery, and for tests of how widgets look.

The facts are given as v1 would tell them, and become what is shown by the widgets' own definitions.
"""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final, Literal

from msgspec import Struct

from opencabinet.doors.showing.definitions import WIDGETS
from opencabinet.doors.showing.honesty import honest
from opencabinet.doors.showing.model import Refused, Shown, Widget
from opencabinet.doors.showing.options import Options
from opencabinet.doors.showing.refusing import refused
from opencabinet.doors.showing.samples.money import (
    LOGIN,
    NOW,
    Answer,
    balance,
    bonuses,
    lots,
    metrics,
    months,
    series,
    summary,
    trades,
)
from opencabinet.doors.showing.samples.others import clicks, news, quotes, rewards
from opencabinet.doors.showing.samples.spoiled import emptied, redacted, stretched
from opencabinet.doors.wording import Words, words

State = Literal["full", "empty", "loading", "refused", "failed", "redacted", "long"]
STATES: Final[tuple[State, ...]] = ("full", "empty", "loading", "refused", "failed", "redacted", "long")

FACTS: Final[Mapping[str, Callable[[], Answer]]] = MappingProxyType(
    {
        "balance": balance,
        "summary": summary,
        "open-trades": lambda: trades(3),
        "closed-trades": lambda: trades(8, more=True),
        "closed-lots": lots,
        "balance-chart": lambda: series(60),
        "statistics": metrics,
        "monthly": lambda: months(26),
        "bonus": bonuses,
        "commissions": lambda: rewards(6),
        "clicks": lambda: clicks(14),
        "quotes": quotes,
        "news": lambda: news(3),
    }
)
LONG: Final[Mapping[str, Callable[[], Answer]]] = MappingProxyType(
    {
        "open-trades": lambda: trades(100, more=True),
        "closed-trades": lambda: trades(100, more=True),
        "balance-chart": lambda: series(4_000),
        "monthly": lambda: months(200),
        "commissions": lambda: rewards(100),
        "clicks": lambda: clicks(400),
        "news": lambda: news(50),
    }
)
HEADERS: Final = {"x-feed-as-of": "2026-03-02T10:00:30.000Z", "x-account-source": "live", "cache-control": "public"}
LATE: Final = {"x-feed-as-of": "2026-03-02T07:00:00.000Z", "x-account-source": "demo"}
PROBLEMS: Final[Mapping[str, tuple[int, dict[str, Any]]]] = MappingProxyType(
    {
        "refused": (401, {"code": "credential_missing", "request_id": "req_0198f2a4"}),
        "failed": (503, {"code": "overloaded", "request_id": "req_0198f2a5", "retry_after": 5}),
    }
)
OWNERLESS: Final = "nobody"


class Sample(Struct, frozen=True, kw_only=True):
    """A widget in a state; `shown` is None while it is loading."""

    widget: Widget
    state: State
    login: str | None
    shown: Shown | Refused | None


def samples(language: str = "en") -> Iterator[Sample]:
    """Give every widget in every state it can be in."""
    for widget in WIDGETS.values():
        yield from (sample(widget, state, language) for state in STATES if possible(widget, state))


def possible(widget: Widget, state: State) -> bool:
    """Whether a widget can be in a state: what belongs to nobody is open, and hides nothing."""
    if state in {"refused", "redacted"}:
        return widget.of != OWNERLESS
    if state == "empty":
        return widget.name not in {"balance", "summary"}
    return True


def sample(widget: Widget, state: State, language: str = "en") -> Sample:
    """Return a widget in a state."""
    login = None if widget.of == OWNERLESS else LOGIN
    return Sample(widget=widget, state=state, login=login, shown=shown(widget, state, login, words(language)))


def shown(widget: Widget, state: State, login: str | None, said: Words) -> Shown | Refused | None:
    """Return what a widget shows in a state."""
    if state == "loading":
        return None
    if state in PROBLEMS:
        status, problem = PROBLEMS[state]
        return refused(widget, login, said, status, problem, shown=False)
    given, headers = facts(widget.name, state), LATE if state == "long" else HEADERS
    answers = {question.name: given for question in widget.questions}
    path = widget.questions[0].path.format(login=login)
    options = Options(today=NOW.date(), lang=said.language, rows=100 if state == "long" else 10)
    return Shown(
        widget=widget.name,
        login=login,
        title=said.gettext(widget.title),
        language=said.language,
        direction=said.direction,
        honesty=honest(said, given, headers, NOW, path),
        blocks=tuple(widget.show(answers, options, said)),
        refresh_seconds=widget.refresh_seconds,
    )


def facts(name: str, state: State) -> Answer:
    """Return what v1 would tell of a widget in a state."""
    given = LONG.get(name, FACTS[name])() if state == "long" else FACTS[name]()
    if state == "empty":
        return emptied(given)
    if state == "redacted":
        return redacted(given)
    return stretched(given) if state == "long" else given
