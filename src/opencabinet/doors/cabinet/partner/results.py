"""What came of a partner's promotion: by day, or by where clients came from."""

from typing import Final

from litestar import Response
from msgspec import structs

from opencabinet.access import Signed
from opencabinet.doors.cabinet.access import refusing
from opencabinet.doors.cabinet.client import columns, fragments
from opencabinet.doors.cabinet.client.asked import WHEN, Asked, Field
from opencabinet.doors.cabinet.handlers import page
from opencabinet.doors.cabinet.partner.sections import Given, Section, shown, target
from opencabinet.doors.cabinet.visit import Visit
from opencabinet.doors.showing.definitions import cells
from opencabinet.doors.showing.definitions.cells import Told
from opencabinet.doors.wording import marked
from opencabinet.kernel.ids import Login

GROUPS: Final = (
    ("day", marked("By day")),
    ("country", marked("By country")),
    ("link", marked("By link")),
    ("banner", marked("By banner")),
    ("landing", marked("By landing page")),
    ("keyword", marked("By keyword")),
)
GROUP: Final = Field(name="group", label=marked("Put together"), kind="choice", choices=GROUPS, usual="day")
ROWS: Final = Field(
    name="limit",
    label=marked("Rows"),
    kind="choice",
    choices=tuple((each, each) for each in ("50", "100", "400")),
    usual="100",
)
FIELDS: Final = (*WHEN, GROUP, ROWS)
GROUPED: Final = Told(member="group", label=marked("Where from"), write=cells.text, kind="text")
COLUMNS: Final = (
    Told(member="clicks", label=marked("Clicks"), write=cells.number),
    Told(member="unique_clicks", label=marked("Unique clicks"), write=cells.number),
    Told(member="registrations", label=marked("New clients"), write=cells.number),
    Told(member="first_deposits", label=marked("First deposits"), write=cells.number),
    Told(member="active_clients", label=marked("Active clients"), write=cells.number),
    Told(member="trades", label=marked("Trades"), write=cells.number),
    Told(member="lots", label=marked("Lots"), write=cells.lots),
    Told(member="rewards", label=marked("Rewards"), write=cells.amount, counted=True),
    Told(member="conversion", label=marked("Conversion, %"), write=cells.number),
    Told(member="per_click", label=marked("A click brought"), write=cells.amount, counted=True),
)


async def read(visit: Visit, login: Login, asked: Asked) -> Given:
    """Ask v1 what came of a partner's promotion."""
    answer = await visit.ask(target(login, "/statistics", asked.query(FIELDS)))
    if not answer.good:
        return {"unread": refusing.wrong(visit, answer)}
    told, words = answer.json, visit.words
    by_day = asked.given.get("group", GROUP.usual) == "day"
    first = structs.replace(GROUPED, label="Day", write=cells.day, kind="time") if by_day else GROUPED
    rows = [{**row, "id": str(place)} for place, row in enumerate(told["data"])]
    total = columns.grid(words, COLUMNS, [{**told["total"], "id": "total"}], "id")
    return {
        "grid": columns.grid(words, (first, *COLUMNS), rows, "id"),
        "total": total,
        "more": told["has_more"],
        "honesty": fragments.honesty(words, answer),
    }


STATISTICS: Final = Section(
    path="/statistics",
    title=marked("Statistics"),
    lead=marked("Clicks, new clients, first deposits, lots and rewards. Of the last 30 days, unless you choose."),
    part="partner/results.html",
    read=read,
    fields=FIELDS,
)


@page("/partners/{login}/statistics", need=Signed.IN)
async def show_results(visit: Visit) -> Response[bytes]:
    """Show what came of a partner's promotion."""
    return await shown(visit, STATISTICS)
