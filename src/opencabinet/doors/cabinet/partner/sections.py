"""Pages of a partner: the page with its filters at once, what v1 answers as a part, all of it in the address."""

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlencode

from litestar import Response
from msgspec import Struct

from opencabinet.doors.cabinet.client.asked import Asked, Field
from opencabinet.doors.cabinet.client.fragments import Failed
from opencabinet.doors.cabinet.client.listing import WHOLE, pushed
from opencabinet.doors.cabinet.visit import Visit
from opencabinet.kernel.ids import Login

PAGE: Final = "partner/page.html"
Given = dict[str, Any]


class Section(Struct, frozen=True, kw_only=True):
    """A page of a partner: where it is, what it is called, its filters, and what reads and shows what it is about."""

    path: str
    title: str
    lead: str
    part: str
    read: Callable[[Visit, Login, Asked], Awaitable[Given]]
    fields: tuple[Field, ...] = ()
    template: str = PAGE
    kind: str = ""


async def shown(visit: Visit, section: Section, **more: Any) -> Response[bytes]:
    """Show a page: its part is asked for by the page itself, or is within it where no script runs."""
    login, query = visit.partner(), visit.request.query_params
    asked = Asked.read(query, section.fields, visit.now.date())
    place = f"/cabinet/partners/{login}{section.path}"
    given: Given = {"login": login, "section": section, "asked": asked, "place": place, "failed": None, **more}
    here = asked.address(place, cursor=asked.given.get("cursor"))
    whole = visit.partial or WHOLE in query or visit.request.method != "GET"
    if not whole:
        status = HTTPStatus.BAD_REQUEST if asked.wrong else HTTPStatus.OK
        return visit.page(section.template, status=status, here=here, read=False, **given)
    found = {} if asked.wrong else await section.read(visit, login, asked)
    given |= {"unread": None, **found, "here": here, "read": True}
    if visit.partial:
        return pushed(visit, visit.page(section.part, **given), here)
    return visit.page(section.template, status=status_of(given, asked, more), **given)


def status_of(given: Given, asked: Asked, more: Mapping[str, Any]) -> int:
    """Return the status of a page: of what v1 refused, if it refused anything."""
    refused: Failed | None = more.get("failed") or given.get("unread")
    if refused is not None:
        return refused.status
    return HTTPStatus.BAD_REQUEST if asked.wrong else HTTPStatus.OK


def target(login: Login, rest: str, query: Mapping[str, str]) -> str:
    """Return where v1 is asked something of a partner."""
    return f"/v1/partners/{login}{rest}" + (f"?{urlencode(query)}" if query else "")
