"""One webhook: what it is, what was sent to it and what became of that, and sending it again."""

import asyncio
from collections.abc import Mapping
from http import HTTPStatus
from secrets import token_hex
from typing import Any, Final
from urllib.parse import urlencode

from litestar import Response

from opencabinet.doors.cabinet.access import refusing
from opencabinet.doors.cabinet.access.drafts import moment
from opencabinet.doors.cabinet.access.hooks import STATES, Hook
from opencabinet.doors.cabinet.client.asked import CURSOR, Asked, Field
from opencabinet.doors.cabinet.forms import Form
from opencabinet.doors.cabinet.visit import NotTheirs, Visit
from opencabinet.doors.wording import marked
from opencabinet.kernel.ids import Login

CHOICES: Final = (("", marked("All")), *((name, text) for name, (text, _) in STATES.items()))
FIELDS: Final = (Field(name="state", label=marked("State"), kind="choice", choices=CHOICES), CURSOR)
LISTED: Final = "20"


def place(visit: Visit, login: Login) -> str:
    """Return where the webhook is that a path names."""
    return f"/cabinet/accounts/{login}/access/webhooks/{refusing.piece(visit)}"


def replayed(form: Form) -> dict[str, str]:
    """Return what is to be sent again: one event, or all since a moment."""
    if event := form.text("event", longest=64):
        return {"event": event}
    since = form.text("since_at", longest=40)
    at = moment(since)
    return {"since_at": at.isoformat() if at else since}


async def shown(
    visit: Visit, login: Login, *, status: int = HTTPStatus.OK, hook: Hook | None = None, **more: Any
) -> Response[bytes]:
    """Show a webhook and its deliveries.

    Raises:
        NotTheirs: if the account has no such webhook.
    """
    base, wanted = f"/v1/accounts/{login}/webhooks", Asked.read(visit.request.query_params, FIELDS, visit.now.date())
    query = urlencode({"limit": LISTED, **wanted.query(FIELDS)})
    every, sent = await asyncio.gather(visit.ask(base), visit.ask(f"{base}/{refusing.piece(visit)}/deliveries?{query}"))
    rows: list[Mapping[str, Any]] = every.json["data"] if every.good else []
    found = next((each for each in rows if each["id"] == visit.request.path_params["id"]), None)
    if every.good and found is None:
        raise NotTheirs
    given: dict[str, Any] = {
        "login": login,
        "webhook": found,
        "hook": hook or (Hook.shown(found) if found else Hook()),
        "unread": None if every.good else refusing.wrong(visit, every),
        "sent": sent.json["data"] if sent.good else [],
        "cursor": sent.json["page"]["next_cursor"] if sent.good else None,
        "unsent": None if sent.good else refusing.wrong(visit, sent),
        "asked": wanted,
        "fields": FIELDS,
        "place": place(visit, login),
        "states": STATES,
        "once": token_hex(16),
        "failed": None,
        "made": None,
    }
    return visit.page("access/webhook.html", status=status, **(given | more))
