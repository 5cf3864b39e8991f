"""A partner's links: made and retired, each with its address, its picture, and words that its clicks name."""

import asyncio
from collections.abc import Mapping
from secrets import token_hex
from typing import Any, Final
from urllib.parse import urlencode

from litestar import Response

from opencabinet.access import Signed
from opencabinet.doors.cabinet.access import refusing
from opencabinet.doors.cabinet.access.drafts import listed
from opencabinet.doors.cabinet.client.asked import PAGED, Asked
from opencabinet.doors.cabinet.forms import Form
from opencabinet.doors.cabinet.handlers import act, page
from opencabinet.doors.cabinet.partner.sections import Given, Section, shown, target
from opencabinet.doors.cabinet.visit import Visit
from opencabinet.doors.wording import marked
from opencabinet.kernel.ids import Login

MADE: Final = marked("The link is made.")
RETIRED: Final = marked("The link leads nowhere any more. Its clicks stay counted.")
NAMED: Final = ("k", "s1", "s2", "s3", "s4", "s5")
"""What an address of a link may name: one of its keywords, and sub-ids of the partner's own."""
BLANK: Final[Mapping[str, str]] = {"destination": "", "campaign": "", "keywords": "", "own_name": ""}


async def read(visit: Visit, login: Login, asked: Asked) -> Given:
    """Ask v1 for links, and where they may lead."""
    links, places = await asyncio.gather(
        visit.ask(target(login, "/links", asked.query(PAGED))), visit.ask(target(login, "/destinations", {}))
    )
    for answer in (links, places):
        if not answer.good:
            return {"unread": refusing.wrong(visit, answer)}
    told = links.json
    return {
        "links": told["data"],
        "cursor": told["page"]["next_cursor"],
        "destinations": places.json["data"],
        "once": token_hex(16),
    }


LINKS: Final = Section(
    path="/links",
    title=marked("Links"),
    lead=marked("Whoever follows one and opens an account becomes your client."),
    part="partner/links.html",
    read=read,
    fields=PAGED,
)


@page("/partners/{login}/links", need=Signed.IN)
async def list_links(visit: Visit) -> Response[bytes]:
    """List a partner's links."""
    return await shown(visit, LINKS, wanted=BLANK)


@page("/partners/{login}/links/{name}", need=Signed.IN)
async def show_link(visit: Visit) -> Response[bytes]:
    """Show a link by its code: its picture, and its address with the sub-ids that are told."""
    login, code = visit.partner(), str(visit.request.path_params["name"])
    answer = await visit.ask(target(login, "/links", {"limit": "500"}))
    unread = None if answer.good else refusing.wrong(visit, answer)
    rows = answer.json["data"] if answer.good else []
    link = next((each for each in rows if each["code"] == code), None)
    query = visit.request.query_params
    given = {name: text for name in NAMED if (text := str(query.get(name, "")).strip()[:64])}
    address = f"{link['url']}?{urlencode(given)}" if link and given else link["url"] if link else ""
    status = 404 if unread is None and link is None else unread.status if unread else 200
    more: dict[str, Any] = {"link": link, "given": given, "address": address, "unread": unread}
    return visit.page("partner/link.html", status=status, login=login, **more)


@act("/partners/{login}/links", need=Signed.IN)
async def make_link(visit: Visit, form: Form) -> Response[bytes]:
    """Make a link."""
    login = visit.partner()
    wanted = {name: form.text(name, longest=2000) for name in BLANK}
    body = {
        "destination": wanted["destination"],
        "campaign": wanted["campaign"],
        "keywords": listed(wanted["keywords"]),
        "code": wanted["own_name"] or None,
    }
    once = refusing.once(form.text("once", longest=64))
    answer = await visit.ask(target(login, "/links", {}), method="POST", body=body, headers=once)
    if not answer.good:
        return await shown(visit, LINKS, wanted=wanted, failed=refusing.wrong(visit, answer))
    return visit.go(f"/cabinet/partners/{login}/links/{answer.json['code']}", told=visit.words.gettext(MADE))


@act("/partners/{login}/links/{id}/retire", need=Signed.IN)
async def retire_link(visit: Visit, form: Form) -> Response[bytes]:
    """Let a link lead nowhere any more."""
    del form
    login = visit.partner()
    answer = await visit.ask(target(login, f"/links/{refusing.piece(visit)}", {}), method="DELETE")
    if not answer.good:
        return await shown(visit, LINKS, wanted=BLANK, failed=refusing.wrong(visit, answer))
    return visit.go(f"/cabinet/partners/{login}/links", told=visit.words.gettext(RETIRED))
