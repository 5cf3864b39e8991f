"""What a partner puts on pages: banners with the code to paste, informers and feeds."""

import asyncio
from typing import Final
from urllib.parse import urlencode, urlsplit

from litestar import Response

from opencabinet.access import Signed
from opencabinet.content import SPELLED
from opencabinet.doors.cabinet.access import refusing
from opencabinet.doors.cabinet.client.asked import CURSOR, LIMIT, Asked, Field
from opencabinet.doors.cabinet.handlers import page
from opencabinet.doors.cabinet.partner.sections import Given, Section, shown, target
from opencabinet.doors.cabinet.visit import Visit
from opencabinet.doors.here import here
from opencabinet.doors.wording import marked
from opencabinet.kernel.ids import Login

SIZE: Final = Field(
    name="size", label=marked("Size"), kind="choice", choices=(("", marked("All")), *((s, s) for s in SPELLED))
)
THEME: Final = Field(
    name="theme",
    label=marked("For pages that are"),
    kind="choice",
    choices=(("", marked("All")), ("light", marked("Light")), ("dark", marked("Dark"))),
)
SPOKEN: Final = Field(name="language", label=marked("Language"))
CODE: Final = Field(name="code", label=marked("With the code"))
FIELDS: Final = (CODE, SIZE, THEME, SPOKEN, LIMIT, CURSOR)
FEEDS: Final = (
    ("news.rss", "RSS"),
    ("news.atom", "Atom"),
    ("news.json", "JSON Feed"),
)


async def read_banners(visit: Visit, login: Login, asked: Asked) -> Given:
    """Ask v1 for banners, and how often and with what each was clicked of late."""
    banners, clicks = await asyncio.gather(
        visit.ask(target(login, "/banners", asked.query(FIELDS))),
        visit.ask(target(login, "/clicks", {"group": "banner", "limit": "500"})),
    )
    if not banners.good:
        return {"unread": refusing.wrong(visit, banners)}
    told = banners.json
    counted = {row["group"]: row["clicks"] for row in clicks.json["data"]} if clicks.good else {}
    pictures = {each["id"]: f"/banners/{each['id'].removeprefix('bnr_')}/shown" for each in told["data"]}
    return {
        "banners": told["data"],
        "code": told["code"],
        "cursor": told["page"]["next_cursor"],
        "clicks": counted,
        "pictures": pictures,
    }


async def read_informers(visit: Visit, login: Login, asked: Asked) -> Given:
    """Ask v1 for the partner's codes, which informers and feeds name."""
    answer = await visit.ask(target(login, "/codes", {}))
    if not answer.good:
        return {"unread": refusing.wrong(visit, answer)}
    codes = [each["code"] for each in answer.json["data"] if each["retired_at"] is None]
    wanted = asked.given.get("code", "")
    code = wanted if wanted in codes else codes[0] if codes else ""
    base = here(visit.request)
    query = f"?{urlencode({'code': code})}" if code else ""
    return {
        "codes": codes,
        "code": code,
        "gallery": f"/informers{query}",
        "feeds": [(name, f"{base}/feeds/{path}{query}") for path, name in FEEDS],
        "host": urlsplit(base).netloc,
    }


BANNERS: Final = Section(
    path="/banners",
    title=marked("Banners"),
    lead=marked("Copy the code, and put it on a page: no script, and no cookie. What is shown and clicked is counted."),
    part="partner/banners.html",
    read=read_banners,
    fields=FIELDS,
)
INFORMERS: Final = Section(
    path="/informers",
    title=marked("Informers and feeds"),
    lead=marked("Quotes, news and calculators for your pages. Their links lead to you."),
    part="partner/informers.html",
    read=read_informers,
    fields=(CODE,),
)


@page("/partners/{login}/banners", need=Signed.IN)
async def list_banners(visit: Visit) -> Response[bytes]:
    """List banners with the code to paste."""
    return await shown(visit, BANNERS)


@page("/partners/{login}/informers", need=Signed.IN)
async def show_informers(visit: Visit) -> Response[bytes]:
    """Show where informers and feeds are, with the partner's code."""
    return await shown(visit, INFORMERS)
