"""Statements to download: v1 writes them, and they pass through here piece by piece."""

from collections.abc import Mapping
from typing import Any, Final

from litestar import Response
from litestar.response import Stream

from opencabinet.access import Signed
from opencabinet.doors import flowing, gate
from opencabinet.doors.cabinet.client import fragments
from opencabinet.doors.cabinet.client.asked import WHEN, Asked, Field
from opencabinet.doors.cabinet.client.listing import pushed, spelled
from opencabinet.doors.cabinet.handlers import page
from opencabinet.doors.cabinet.visit import Visit
from opencabinet.doors.wording import marked
from opencabinet.kernel.problem import Unknown

FORMS: Final[Mapping[str, tuple[str, str]]] = {
    "pdf": ("PDF", marked("To read and to print")),
    "xlsx": ("Excel", marked("A workbook with a sheet for each list")),
    "csv": ("CSV", marked("For other programs, a line for each row")),
    "html": ("HTML", marked("To open in any browser")),
    "json": ("JSON", marked("For programs, everything in one piece")),
}
"""What a statement can be written as."""
LAYOUT: Final = Field(
    name="layout",
    label=marked("Layout"),
    kind="choice",
    choices=(("", marked("Ours")), ("mt4", "MetaTrader 4"), ("mt5", "MetaTrader 5")),
)
FIELDS: Final = (*WHEN, LAYOUT)
KEPT: Final = ("content-disposition", "content-type", "cache-control")
"""Headers of v1's answer that are passed on with it."""


class NoSuchForm(Unknown):
    """There is no statement in this form."""


@page("/accounts/{login}/statements", need=Signed.IN)
async def choose_statement(visit: Visit) -> Response[bytes]:
    """Show which statements can be had: periods, forms and layouts."""
    login, asked = visit.login(), Asked.read(visit.request.query_params, FIELDS, visit.now.date())
    place = f"/cabinet/accounts/{login}/statements"
    template = "client/forms.html" if visit.partial else "client/statements.html"
    given: dict[str, Any] = {"login": login, "asked": asked, "place": place, "fields": FIELDS}
    return pushed(visit, visit.page(template, forms=FORMS, failed=None, **given), asked.address(place))


@page("/accounts/{login}/statements/{name}", need=Signed.IN)
async def download_statement(visit: Visit) -> Response[bytes] | Stream:
    """Give a statement as v1 writes it; whoever leaves ends the writing."""
    login, form = visit.login(), str(visit.request.path_params["name"])
    if form not in FORMS:
        raise NoSuchForm
    asked = Asked.read(visit.request.query_params, FIELDS, visit.now.date())
    if not asked.wrong:
        gate.extend(visit.request, flowing.SECONDS)
        query = spelled(asked.query(FIELDS))
        found = await flowing.flow(visit.request, f"/v1/accounts/{login}/statement.{form}{query}", visit.as_person)
        if found.good:
            return Stream(found.pieces, headers=told(found.headers))
        failed: Any = fragments.failed(visit.words, await flowing.whole(found))
    given: dict[str, Any] = {"login": login, "asked": asked, "place": f"/cabinet/accounts/{login}/statements"}
    status = 400 if asked.wrong else failed.status
    failed = None if asked.wrong else failed
    return visit.page("client/statements.html", status=status, fields=FIELDS, forms=FORMS, failed=failed, **given)


def told(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers of a download: a file that is kept, and never shown as a page of ours."""
    return {name: headers[name] for name in KEPT if name in headers} | {"Content-Security-Policy": "sandbox"}
