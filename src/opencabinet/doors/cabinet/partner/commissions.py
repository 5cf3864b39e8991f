"""What a partner was given, line by line, each with the arithmetic that it was worked out by; and doubting it."""

from http import HTTPStatus
from secrets import token_hex
from typing import Any, Final

from litestar import Response

from opencabinet.access import Signed
from opencabinet.doors.cabinet.access import refusing
from opencabinet.doors.cabinet.client import columns, fragments
from opencabinet.doors.cabinet.client.asked import PAGED, WHEN, Asked
from opencabinet.doors.cabinet.client.listing import WHOLE
from opencabinet.doors.cabinet.forms import Form
from opencabinet.doors.cabinet.handlers import act, page
from opencabinet.doors.cabinet.partner import arithmetic
from opencabinet.doors.cabinet.partner.sections import Given, Section, shown, target
from opencabinet.doors.cabinet.visit import NotTheirs, Visit
from opencabinet.doors.showing.definitions import cells
from opencabinet.doors.showing.definitions.partners import KINDS, REWARDS, STATES
from opencabinet.doors.wording import marked
from opencabinet.kernel.ids import Login

FIELDS: Final = (*WHEN, *PAGED)
DOUBTED: Final = marked("The operator is told, and decides within 30 days. Meanwhile it is not settled.")


async def read(visit: Visit, login: Login, asked: Asked) -> Given:
    """Ask v1 for rewards."""
    answer = await visit.ask(target(login, "/rewards", asked.query(FIELDS)))
    if not answer.good:
        return {"unread": refusing.wrong(visit, answer)}
    told, words = answer.json, visit.words
    receipt = told["receipt"]
    sums = ("opening_total", "lines", "closing_total")
    return {
        "grid": columns.grid(words, REWARDS, told["data"], "id"),
        "cursor": told["page"]["next_cursor"],
        "receipt": receipt,
        "sums": {name: cells.money(words, receipt[name], receipt).text for name in sums if name in receipt},
        "honesty": fragments.honesty(words, answer),
    }


COMMISSIONS: Final = Section(
    path="/commissions",
    title=marked("Commissions"),
    lead=marked("What you were given for trades of your clients. Each line tells how it was worked out."),
    part="partner/commissions.html",
    read=read,
    fields=FIELDS,
)


@page("/partners/{login}/commissions", need=Signed.IN)
async def list_commissions(visit: Visit) -> Response[bytes]:
    """List what a partner was given."""
    return await shown(visit, COMMISSIONS)


@page("/partners/{login}/commissions/{id}", need=Signed.IN)
async def explain_reward(visit: Visit) -> Response[bytes]:
    """Explain a reward: the trade, the rule and its version, the levels, rates and rounding."""
    login = visit.partner()
    if not visit.partial and WHOLE not in visit.request.query_params:
        return visit.page("partner/awaited.html", login=login)
    return await explained(visit, login)


@act("/partners/{login}/commissions/{id}/dispute", need=Signed.IN)
async def dispute_reward(visit: Visit, form: Form) -> Response[bytes]:
    """Doubt a reward."""
    login, text = visit.partner(), form.text("text", longest=8000)
    where = target(login, f"/rewards/{refusing.piece(visit)}/disputes", {})
    once = refusing.once(form.text("once", longest=64))
    answer = await visit.ask(where, method="POST", body={"text": text}, headers=once)
    if not answer.good:
        failed = refusing.wrong(visit, answer)
        return await explained(visit, login, status=answer.status, failed=failed, text=text)
    return visit.go(f"/cabinet/partners/{login}/commissions/{refusing.piece(visit)}", told=visit.words.gettext(DOUBTED))


async def explained(
    visit: Visit, login: Login, *, status: int = HTTPStatus.OK, failed: Any = None, text: str = ""
) -> Response[bytes]:
    """Show how a reward was worked out.

    Raises:
        NotTheirs: if there is no such reward of this partner.
    """
    answer = await visit.ask(target(login, f"/rewards/{refusing.piece(visit)}/explain", {}))
    if answer.status == HTTPStatus.NOT_FOUND:
        raise NotTheirs
    given: dict[str, Any] = {"login": login, "failed": failed, "text": text, "once": token_hex(16)}
    if not answer.good:
        unread = refusing.wrong(visit, answer)
        return visit.page("partner/explained.html", status=answer.status, unread=unread, told=None, **given)
    told, words = answer.json, visit.words
    given |= {
        "unread": None,
        "reward": told["reward"],
        "answer": told,
        "amount": cells.change(words, told["reward"]["amount"], told["reward"]).text,
        "kinds": KINDS,
        "states": STATES,
        "arithmetic": arithmetic,
        "rungs": arithmetic.rungs(words, told["explanation"]),
    }
    return visit.page("partner/explained.html", status=status, **given)
