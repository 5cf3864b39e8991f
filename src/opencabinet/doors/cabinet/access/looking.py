"""Looking before saving: what a stranger is answered, and who could read what, under the rules that were typed."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

import msgspec
from litestar import Response
from msgspec import Struct

from opencabinet.access import Function
from opencabinet.doors.cabinet.access import naming, refusing
from opencabinet.doors.cabinet.access.drafts import Draft, listed
from opencabinet.doors.cabinet.access.policy import policy_of, shown
from opencabinet.doors.cabinet.client.fragments import Failed
from opencabinet.doors.cabinet.forms import Form
from opencabinet.doors.cabinet.visit import Visit
from opencabinet.kernel.ids import Login

PATHS: Final[Mapping[str, str]] = {
    "summary": "/v1/accounts/{login}/summary",
    "balance": "/v1/accounts/{login}/balance",
    "open_trades": "/v1/accounts/{login}/trades/open?limit=20",
    "closed_trades": "/v1/accounts/{login}/trades/closed?limit=20",
    "orders": "/v1/accounts/{login}/orders?limit=20",
    "closed_lots": "/v1/accounts/{login}/closed-lots?group=symbol",
    "movements": "/v1/accounts/{login}/movements?limit=20",
    "bonuses": "/v1/accounts/{login}/bonuses",
    "statistics": "/v1/accounts/{login}/statistics",
    "commissions": "/v1/partners/{login}/rewards?limit=20",
    "clicks": "/v1/partners/{login}/clicks?limit=20",
}
"""What can be looked at: what may be open at all."""
MOST_SHOWN: Final = 100_000


class Glimpse(Struct, frozen=True, kw_only=True):
    """What a stranger is answered, or why that cannot be shown; `pretty` is the body, laid out to be read."""

    path: str
    status: int = 0
    headers: Mapping[str, str] = {}
    body: str = ""
    pretty: str = ""
    cut: bool = False
    failed: Failed | None = None

    @property
    def reads(self) -> bool:
        """Whether the stranger reads something."""
        return 0 < self.status < HTTPStatus.BAD_REQUEST


class Simulated(Struct, frozen=True, kw_only=True):
    """Who could read what, or why that cannot be told."""

    rows: Sequence[Mapping[str, Any]] = ()
    failed: Failed | None = None


async def previewing(visit: Visit, form: Form) -> Response[bytes]:
    """Show exactly what a stranger is answered under the rules that were typed."""
    login, draft = visit.login(), Draft.typed(form)
    function, where = form.text("looks_at", longest=32), form.text("looks_from", longest=100)
    seen = None if draft.wrong else await glimpsed(visit, login, draft, function, where)
    given: dict[str, Any] = {"seen": seen, "looks_at": function, "looks_from": where, "looked": True}
    return shown(visit, login, draft, part="access/seen.html", **given)


async def glimpsed(visit: Visit, login: Login, draft: Draft, function: str, where: str) -> Glimpse:
    """Ask v1 what a stranger is answered."""
    path = PATHS.get(function, PATHS["balance"]).format(login=quote(str(login)))
    body = {"path": path, "policy": draft.document, "address": where or None}
    answer = await visit.ask(f"{policy_of(login)}/preview", method="POST", body=body)
    if not answer.good:
        return Glimpse(path=path, failed=refusing.wrong(visit, answer))
    told = answer.json
    text = told["body"]
    return Glimpse(
        path=path,
        status=told["status"],
        headers=told["headers"],
        body=text[:MOST_SHOWN],
        pretty=pretty(text)[:MOST_SHOWN],
        cut=len(text) > MOST_SHOWN,
    )


def pretty(text: str) -> str:
    """Return JSON as people read it, and any other text as it is."""
    try:
        return msgspec.json.format(text, indent=2)
    except msgspec.DecodeError:
        return text


async def simulating(visit: Visit, form: Form) -> Response[bytes]:
    """Show who could read what under the rules that were typed, and by which of them."""
    login, draft = visit.login(), Draft.typed(form)
    thought = {
        "functions": [each for each in form.all("thinks_of") if each in set(Function)],
        "addresses": listed(form.text("thinks_from", longest=1024)),
        "credentials": [each for each in form.all("thinks_shows") if each in naming.CREDENTIALS],
        "origin": form.text("thinks_on", longest=200),
    }
    simulated = None if draft.wrong else await answered(visit, login, draft, thought)
    given: dict[str, Any] = {"simulated": simulated, "thought": thought, "looked": True}
    return shown(visit, login, draft, part="access/simulated.html", **given)


async def answered(visit: Visit, login: Login, draft: Draft, thought: Mapping[str, Any]) -> Simulated:
    """Ask v1 who could read what."""
    body = {**thought, "origin": thought["origin"] or None, "policy": draft.document}
    answer = await visit.ask(f"{policy_of(login)}/simulate", method="POST", body=body)
    if not answer.good:
        return Simulated(failed=refusing.wrong(visit, answer))
    return Simulated(rows=answer.json["data"])
