"""A partner's clients, each as far as they consented, and claims for those who are not yet."""

import asyncio
from collections.abc import Mapping
from secrets import token_hex
from typing import Any, Final

from litestar import Response

from opencabinet.access import Signed
from opencabinet.doors.cabinet.access import refusing
from opencabinet.doors.cabinet.client import columns
from opencabinet.doors.cabinet.client.asked import PAGED, Asked
from opencabinet.doors.cabinet.client.columns import word
from opencabinet.doors.cabinet.forms import Form
from opencabinet.doors.cabinet.handlers import act, page
from opencabinet.doors.cabinet.partner.sections import Given, Section, shown, target
from opencabinet.doors.cabinet.visit import Visit
from opencabinet.doors.showing.definitions import cells
from opencabinet.doors.showing.definitions.cells import Told
from opencabinet.doors.showing.model import Cell
from opencabinet.doors.wording import Words, marked
from opencabinet.kernel.ids import Login

CONSENTS: Final = {
    "masked": marked("Masked"),
    "named": marked("Named"),
    "full": marked("Full"),
}
CLAIMED: Final = marked("The claim is with the operator, who decides.")
CLAIMS: Final[Mapping[str, tuple[str, str]]] = {
    "open": (marked("Open"), "info"),
    "accepted": (marked("Accepted"), "good"),
    "rejected": (marked("Rejected"), "bad"),
}


def login_of(_words: Words, value: Any, given: cells.Given) -> Cell:
    """Write a client's login as far as it may be known."""
    whole = given["login"]
    return Cell(text=str(whole) if whole is not None else f"…{value}")


COLUMNS: Final = (
    Told(member="login_ending", label=marked("Client"), write=login_of, kind="text"),
    Told(member="name", label=marked("Name"), write=cells.text, kind="text"),
    Told(member="country", label=marked("Country"), write=cells.text, kind="text"),
    Told(member="referred_month", label=marked("Yours since"), write=cells.month, kind="time"),
    Told(member="registered_month", label=marked("Registered"), write=cells.month, kind="time"),
    Told(member="balance", label=marked("Balance"), write=cells.money),
    Told(member="consent", label=marked("Consent"), write=word(CONSENTS), kind="text"),
)


async def read(visit: Visit, login: Login, asked: Asked) -> Given:
    """Ask v1 for clients, and for the newest claims beside the first of them."""
    clients, claims = await asyncio.gather(
        visit.ask(target(login, "/clients", asked.query(PAGED))),
        visit.ask(target(login, "/claims", {"limit": "20"})),
    )
    if not clients.good:
        return {"unread": refusing.wrong(visit, clients)}
    told = clients.json
    return {
        "grid": columns.grid(visit.words, COLUMNS, told["data"], "id"),
        "total": told["total"],
        "cursor": told["page"]["next_cursor"],
        "claims": claims.json["data"] if claims.good else [],
        "states": CLAIMS,
        "once": token_hex(16),
    }


CLIENTS: Final = Section(
    path="/clients",
    title=marked("Clients"),
    lead=marked("Each as far as they let you see: whoever never said anything is masked."),
    part="partner/clients.html",
    read=read,
    fields=PAGED,
)


@page("/partners/{login}/clients", need=Signed.IN)
async def list_clients(visit: Visit) -> Response[bytes]:
    """List a partner's clients."""
    return await shown(visit, CLIENTS, claim={"account": "", "evidence": ""})


@act("/partners/{login}/claims", need=Signed.IN)
async def claim_client(visit: Visit, form: Form) -> Response[bytes]:
    """Claim that an account is the partner's client."""
    login = visit.partner()
    claim = {"account": form.text("account", longest=64), "evidence": form.text("evidence", longest=4000)}
    number = int(claim["account"]) if claim["account"].isascii() and claim["account"].isdigit() else 0
    body = {"account": number, "evidence": claim["evidence"]}
    once = refusing.once(form.text("once", longest=64))
    answer = await visit.ask(target(login, "/claims", {}), method="POST", body=body, headers=once)
    if not answer.good:
        return await shown(visit, CLIENTS, claim=claim, failed=refusing.wrong(visit, answer))
    return visit.go(f"/cabinet/partners/{login}/clients", told=visit.words.gettext(CLAIMED))
