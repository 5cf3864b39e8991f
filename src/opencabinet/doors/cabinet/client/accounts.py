"""A person's accounts at a glance."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from litestar import Response
from markupsafe import Markup
from msgspec import Struct

from opencabinet.access import Signed
from opencabinet.doors.cabinet.client import fragments, sparks
from opencabinet.doors.cabinet.client.fragments import Failed
from opencabinet.doors.cabinet.handlers import page
from opencabinet.doors.cabinet.visit import Visit
from opencabinet.doors.showing.definitions import cells
from opencabinet.doors.showing.definitions.cells import Told
from opencabinet.doors.showing.honesty import SOURCES, source_of
from opencabinet.doors.showing.model import Figure
from opencabinet.doors.within import Answer
from opencabinet.doors.wording import Words, marked
from opencabinet.kernel.ids import Login

PER_PAGE: Final = 12
DAYS: Final = timedelta(days=365)
FIGURES: Final = (
    Told(member="balance", label=marked("Balance"), write=cells.money),
    Told(member="equity", label=marked("Equity"), write=cells.money),
    Told(member="floating", label=marked("Floating result"), write=cells.result),
)


class Card(Struct, frozen=True, kw_only=True):
    """An account at a glance, or why it cannot be shown."""

    login: Login
    figures: tuple[Figure, ...] = ()
    honesty: Markup = Markup()
    failed: Failed | None = None


class About(Struct, frozen=True, kw_only=True):
    """What an account is: where it is kept, and whether its money is real, where that is known."""

    server: str | None
    platform: str
    currency: str
    source: str | None
    source_text: str | None


@page("", need=Signed.IN)
async def show_accounts(visit: Visit) -> Response[bytes]:
    """Show a person's accounts at a glance."""
    every = [Login(each) for each in visit.person.logins]
    number = page_number(str(visit.request.query_params.get("page", "")), len(every))
    logins = every[(number - 1) * PER_PAGE : number * PER_PAGE]
    cards: Sequence[Card] = [Card(login=each) for each in logins]
    loaded = visit.partial or "whole" in visit.request.query_params
    if loaded:
        answers = await asyncio.gather(*(visit.ask(f"/v1/accounts/{each}/balance") for each in logins))
        cards = [card(visit.words, login, each) for login, each in zip(logins, answers, strict=True)]
    template = "client/cards.html" if visit.partial else "client/accounts.html"
    return visit.page(template, cards=cards, loaded=loaded, number=number, last=pages(len(every)))


def page_number(text: str, count: int) -> int:
    """Return which page is asked for; the first unless one is told that there is."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(count)) else 1
    return number if 1 <= number <= pages(count) else 1


def pages(count: int) -> int:
    """Return how many pages so many accounts take."""
    return max(1, -(-count // PER_PAGE))


def card(words: Words, login: Login, answer: Answer) -> Card:
    """Return an account at a glance."""
    if not answer.good:
        return Card(login=login, failed=fragments.failed(words, answer))
    given: dict[str, Any] = answer.json
    return Card(login=login, figures=cells.figures(words, FIGURES, given), honesty=fragments.honesty(words, answer))


@page("/accounts/{login}/about", need=Signed.IN)
async def show_about(visit: Visit) -> Response[bytes]:
    """Show what an account is, and a small line of its balance."""
    login, since = visit.login(), (visit.now - DAYS).date()
    base = f"/v1/accounts/{login}"
    said, series = await asyncio.gather(visit.ask(base), visit.ask(f"{base}/series/balance?from={since}"))
    about = what(visit.words, said) if said.good else None
    return visit.page("client/about.html", login=login, about=about, spark=spark(visit.words, series))


def what(words: Words, answer: Answer) -> About:
    """Say what an account is."""
    given: Mapping[str, Any] = answer.json
    source = source_of(answer.headers)
    return About(
        server=None if given["server"] is None else cells.foreign(given["server"]),
        platform={"mt4": "MetaTrader 4", "mt5": "MetaTrader 5"}[given["platform"]],
        currency=cells.foreign(given["currency"]),
        source=source,
        source_text=words.gettext(SOURCES[source]) if source else None,
    )


def spark(words: Words, answer: Answer) -> Markup:
    """Return a small line of the balance, nothing where there is none."""
    if not answer.good:
        return Markup()
    given: Mapping[str, Any] = answer.json
    values = [Decimal(row["balance"]) for row in given["data"]]
    return sparks.line(values, words.gettext("Balance of the last year"))
