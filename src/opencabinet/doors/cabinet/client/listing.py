"""Lists of an account: the page with its filters at once, its rows as a part of their own, all of it in the address."""

import asyncio
from collections.abc import Mapping, Sequence
from decimal import Decimal
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote, urlencode

from litestar import Response
from markupsafe import Markup
from msgspec import Struct

from opencabinet.doors import turn
from opencabinet.doors.cabinet.client import columns, fragments, receipts
from opencabinet.doors.cabinet.client.asked import PAGED, WHEN, Asked, Field
from opencabinet.doors.cabinet.client.columns import Grid
from opencabinet.doors.cabinet.client.fragments import Failed
from opencabinet.doors.cabinet.visit import Visit, within_site
from opencabinet.doors.showing.definitions import cells
from opencabinet.doors.showing.definitions.cells import Told
from opencabinet.doors.showing.model import Cell
from opencabinet.doors.within import Answer
from opencabinet.kernel.ids import Login

TRIES, PAUSE = 8, 0.4
"""How often, and after how many seconds, it is asked again what others are being answered."""
WHOLE: Final = "whole"
"""What an address says where no script runs: give the page with its rows."""


class Listing(Struct, frozen=True, kw_only=True):
    """A list of an account: where it is, what it asks of v1, its filters and columns, what is said where it is empty.

    `sums` is asked beside the first page, for what the whole period comes to, where only these filters are used.
    """

    path: str
    title: str
    ask: str
    columns: tuple[Told, ...]
    key: str
    empty: str
    hint: str
    filters: tuple[Field, ...] = ()
    dated: bool = True
    paged: bool = True
    sums: tuple[str, ...] = ()
    refresh_seconds: int | None = None
    template: str = "client/list.html"
    rows: str = "client/rows.html"

    @property
    def fields(self) -> tuple[Field, ...]:
        """Everything that an address may say of it."""
        return (*(WHEN if self.dated else ()), *self.filters, *(PAGED if self.paged else ()))


class Rows(Struct, frozen=True, kw_only=True):
    """The rows that were asked for, or why there are none."""

    grid: Grid | None = None
    receipt: receipts.Told | None = None
    whole: "Whole | None" = None
    honesty: Markup = Markup()
    cursor: str | None = None
    failed: Failed | None = None


class Whole(Struct, frozen=True, kw_only=True):
    """What all trades of the period come to, however many pages they are."""

    trades: int
    lots: str
    net: Cell
    receipt: receipts.Told


async def listed(visit: Visit, listing: Listing, **more: Any) -> Response[bytes]:
    """Show a list: a page with its filters at once, and its rows when the page asks for them."""
    login, query = visit.login(), visit.request.query_params
    asked = Asked.read(query, listing.fields, visit.now.date())
    place = f"/cabinet/accounts/{login}{listing.path}"
    given = {"login": login, "listing": listing, "asked": asked, "place": place, **more}
    status = HTTPStatus.BAD_REQUEST if asked.wrong and not visit.partial else HTTPStatus.OK
    if not visit.partial and WHOLE not in query:
        return visit.page(listing.template, status=status, rows=None, **given)
    rows = Rows() if asked.wrong else await read(visit, login, listing, asked)
    if not visit.partial:
        return visit.page(listing.template, status=rows.failed.status if rows.failed else status, rows=rows, **given)
    here = asked.address(place, cursor=asked.given.get("cursor"))
    return pushed(visit, visit.page(listing.rows, rows=rows, **given), here)


def pushed(visit: Visit, answer: Response[bytes], here: str) -> Response[bytes]:
    """Return an answer that has the browser show where it is from, if it does not yet."""
    if visit.partial and here != shown(visit):
        answer.headers["HX-Push-Url"] = here
    return answer


def shown(visit: Visit) -> str:
    """Return the address that the browser shows while it asks for a part."""
    return within_site(visit.request.headers.get("hx-current-url", ""))


async def read(visit: Visit, login: Login, listing: Listing, asked: Asked) -> Rows:
    """Ask v1 for rows, and for what the whole period comes to beside the first of them."""
    base = f"/v1/accounts/{login}/"
    questions = [base + listing.ask + spelled(asked.query(listing.fields))]
    if summed(listing, asked):
        kept = {name: text for name, text in asked.given.items() if name in listing.sums}
        questions.append(f"{base}closed-lots" + spelled(asked.span | kept))
    answers = await asyncio.gather(*(visit.ask(each) for each in questions))
    return told(visit, listing, answers)


def summed(listing: Listing, asked: Asked) -> bool:
    """Whether it is asked what the whole period comes to: once, and only where no other filter leaves trades out."""
    other = {each.name for each in listing.filters} - set(listing.sums)
    return bool(listing.sums) and "cursor" not in asked.given and not other & asked.given.keys()


def told(visit: Visit, listing: Listing, answers: Sequence[Answer]) -> Rows:
    """Say what v1 answered."""
    words, first = visit.words, answers[0]
    if not first.good:
        return Rows(failed=fragments.failed(words, first))
    given: dict[str, Any] = first.json
    return Rows(
        grid=columns.grid(words, listing.columns, given["data"], listing.key),
        receipt=receipts.told(words, given["receipt"]) if "receipt" in given else None,
        whole=whole(visit, answers[1]) if len(answers) > 1 and answers[1].good else None,
        honesty=fragments.honesty(words, first),
        cursor=given["page"]["next_cursor"] if "page" in given else None,
    )


def whole(visit: Visit, answer: Answer) -> Whole:
    """Say what the whole period comes to."""
    given: dict[str, Any] = answer.json
    total, words = given["total"], visit.words
    return Whole(
        trades=total["trades"],
        lots=words.lots(Decimal(total["lots"])),
        net=cells.result(words, total["net"], total),
        receipt=receipts.told(words, given["receipt"]),
    )


def target(visit: Visit) -> str:
    """Return the address of a part, to ask for it again."""
    scope = visit.request.scope
    query = scope["query_string"].decode("ascii", "replace")
    return quote(scope["path"]) + (f"?{query}" if query else "")


async def patiently(visit: Visit, question: str) -> Answer:
    """Ask v1 what takes long, of which an account has few at a time: who comes with several waits for the others."""
    for _ in range(TRIES):
        answer = await visit.ask(question)
        if answer.status != HTTPStatus.SERVICE_UNAVAILABLE:
            break
        with turn.aside(visit.request):
            await asyncio.sleep(PAUSE)
    return answer


def spelled(query: Mapping[str, str]) -> str:
    """Return what is behind a path."""
    return f"?{urlencode(query)}" if query else ""
