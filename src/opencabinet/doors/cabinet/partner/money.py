"""What was settled and paid to a partner, and what they doubted."""

from typing import Any, Final

from litestar import Response

from opencabinet.access import Signed
from opencabinet.doors.cabinet.access import refusing
from opencabinet.doors.cabinet.client import columns
from opencabinet.doors.cabinet.client.asked import PAGED, Asked
from opencabinet.doors.cabinet.client.columns import word
from opencabinet.doors.cabinet.handlers import page
from opencabinet.doors.cabinet.partner.sections import Given, Section, shown, target
from opencabinet.doors.cabinet.visit import Visit
from opencabinet.doors.showing.definitions import cells
from opencabinet.doors.showing.definitions.cells import Told
from opencabinet.doors.wording import marked
from opencabinet.kernel.ids import Login

PAID: Final = {"payable": marked("Payable"), "paid": marked("Paid")}
DISPUTED: Final = {
    "open": marked("Open"),
    "upheld": marked("Upheld"),
    "rejected": marked("Rejected"),
    "withdrawn": marked("Withdrawn"),
    "lapsed": marked("Lapsed"),
}
PAYOUTS: Final = (
    Told(member="settled_at", label=marked("Settled, UTC"), write=cells.moment, kind="time"),
    Told(member="until", label=marked("Trades closed before, UTC"), write=cells.moment, kind="time"),
    Told(member="lines", label=marked("Lines"), write=cells.number),
    Told(member="accrued", label=marked("Accrued"), write=cells.amount, counted=True),
    Told(member="carried_in", label=marked("Carried in"), write=cells.amount, counted=True),
    Told(member="amount", label=marked("Amount"), write=cells.amount, counted=True),
    Told(member="carried_out", label=marked("Carried on"), write=cells.amount, counted=True),
    Told(member="state", label=marked("State"), write=word(PAID), kind="text"),
    Told(member="paid_at", label=marked("Paid, UTC"), write=cells.moment, kind="time"),
    Told(member="reference", label=marked("Reference"), write=cells.text, kind="text"),
)
DISPUTES: Final = (
    Told(member="opened_at", label=marked("Doubted, UTC"), write=cells.moment, kind="time"),
    Told(member="reward", label=marked("Line"), write=cells.text, kind="text"),
    Told(member="text", label=marked("What is wrong"), write=cells.text, kind="text"),
    Told(member="state", label=marked("State"), write=word(DISPUTED), kind="text"),
    Told(member="deadline", label=marked("Decided by, UTC"), write=cells.moment, kind="time"),
    Told(member="note", label=marked("Note"), write=cells.text, kind="text"),
)


async def rows(visit: Visit, login: Login, asked: Asked, rest: str, told: tuple[Told, ...]) -> Given:
    """Ask v1 for a list of a partner."""
    answer = await visit.ask(target(login, rest, asked.query(PAGED)))
    if not answer.good:
        return {"unread": refusing.wrong(visit, answer)}
    given: dict[str, Any] = answer.json
    grid = columns.grid(visit.words, told, given["data"], "id")
    return {"grid": grid, "cursor": given["page"]["next_cursor"]}


async def read_payouts(visit: Visit, login: Login, asked: Asked) -> Given:
    """Ask v1 for payouts."""
    empty = {
        "empty_title": marked("Nothing is settled yet"),
        "empty_text": marked("What is approved is settled by the operator, and shows here with what was paid."),
    }
    return {**empty, **await rows(visit, login, asked, "/payouts", PAYOUTS)}


async def read_disputes(visit: Visit, login: Login, asked: Asked) -> Given:
    """Ask v1 for disputes."""
    empty = {
        "empty_title": marked("Nothing is doubted"),
        "empty_text": marked("Open a line of your commissions to see how it was worked out, and to doubt it."),
    }
    return {**empty, **await rows(visit, login, asked, "/disputes", DISPUTES)}


PAID_OUT: Final = Section(
    path="/payouts",
    title=marked("Payouts"),
    lead=marked(
        "Accrued and carried in is what is paid and carried on: the amount is rounded once, when it is settled."
    ),
    part="partner/rows.html",
    read=read_payouts,
    fields=PAGED,
)
DOUBTED: Final = Section(
    path="/disputes",
    title=marked("Disputes"),
    lead=marked("Lines that you doubted, and what was decided."),
    part="partner/rows.html",
    read=read_disputes,
    fields=PAGED,
)


@page("/partners/{login}/payouts", need=Signed.IN)
async def list_payouts(visit: Visit) -> Response[bytes]:
    """List what was settled and paid."""
    return await shown(visit, PAID_OUT)


@page("/partners/{login}/disputes", need=Signed.IN)
async def list_disputes(visit: Visit) -> Response[bytes]:
    """List what was doubted."""
    return await shown(visit, DOUBTED)
