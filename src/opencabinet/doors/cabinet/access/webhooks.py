"""Webhooks: where events of the account are sent, made and changed, and each with its secret."""

from http import HTTPStatus
from secrets import token_hex
from typing import Any, Final

from litestar import Response

from opencabinet.access import Signed
from opencabinet.doors.cabinet.access import deliveries, refusing
from opencabinet.doors.cabinet.access.hooks import Hook
from opencabinet.doors.cabinet.forms import Form
from opencabinet.doors.cabinet.handlers import act, page
from opencabinet.doors.cabinet.visit import Visit
from opencabinet.doors.within import Answer
from opencabinet.doors.wording import marked
from opencabinet.kernel.ids import Login

CHANGED: Final = marked("The webhook is changed.")
DROPPED: Final = marked("The webhook is dropped, with what waited for it.")
PLACE: Final = "/accounts/{login}/access/webhooks"


@page(PLACE, need=Signed.IN)
async def list_webhooks(visit: Visit) -> Response[bytes]:
    """List where events of the account are sent, and offer to send them elsewhere, too."""
    return await listed(visit, visit.login(), Hook())


@act(PLACE, need=Signed.IN)
async def make_webhook(visit: Visit, form: Form) -> Response[bytes]:
    """Make a webhook, and show its secret this once."""
    login, hook = visit.login(), Hook.typed(form)
    answer = await visit.ask(
        f"/v1/accounts/{login}/webhooks", method="POST", body=hook.document, headers=refusing.once(hook.once)
    )
    if not answer.good:
        return await listed(visit, login, hook, failed=refusing.wrong(visit, answer), status=answer.status)
    return await listed(visit, login, Hook(), made=answer.json)


@page(f"{PLACE}/{{id}}", need=Signed.IN)
async def show_webhook(visit: Visit) -> Response[bytes]:
    """Show a webhook, and what was sent to it."""
    return await deliveries.shown(visit, visit.login())


@act(f"{PLACE}/{{id}}", need=Signed.IN)
async def change_webhook(visit: Visit, form: Form) -> Response[bytes]:
    """Change a webhook, pause it, or let it go on."""
    login, hook = visit.login(), Hook.typed(form)
    answer = await asked(visit, login, method="PUT", body={**hook.document, "state": hook.state})
    return await after(visit, login, answer, CHANGED, hook=hook)


@act(f"{PLACE}/{{id}}/drop", need=Signed.IN)
async def drop_webhook(visit: Visit, form: Form) -> Response[bytes]:
    """Drop a webhook."""
    del form
    login = visit.login()
    answer = await asked(visit, login, method="DELETE")
    if not answer.good:
        return await after(visit, login, answer, "")
    return visit.go(f"/cabinet/accounts/{login}/access/webhooks", told=visit.words.gettext(DROPPED))


@act(f"{PLACE}/{{id}}/rotate", need=Signed.IN)
async def rotate_secret(visit: Visit, form: Form) -> Response[bytes]:
    """Give a webhook a new secret, and show it this once."""
    login = visit.login()
    answer = await asked(visit, login, "/secret", method="POST", headers=refusing.once(form.text("once", longest=64)))
    if not answer.good:
        return await after(visit, login, answer, "")
    return await deliveries.shown(visit, login, made=answer.json)


@act(f"{PLACE}/{{id}}/test", need=Signed.IN)
async def test_webhook(visit: Visit, form: Form) -> Response[bytes]:
    """Send a test event to a webhook."""
    del form
    login = visit.login()
    answer = await asked(visit, login, "/test", method="POST")
    return await after(visit, login, answer, marked("A test event is on its way: look again in a moment."))


@act(f"{PLACE}/{{id}}/replay", need=Signed.IN)
async def replay(visit: Visit, form: Form) -> Response[bytes]:
    """Send one event again, or all since a moment."""
    login = visit.login()
    given = deliveries.replayed(form)
    answer = await asked(visit, login, "/replay", method="POST", body=given)
    if not answer.good:
        return await after(visit, login, answer, "")
    many = answer.json["queued"]
    told = visit.words.ngettext("%(num)d event is sent again.", "%(num)d events are sent again.", many) % {"num": many}
    return visit.go(deliveries.place(visit, login), told=told)


async def asked(visit: Visit, login: Login, rest: str = "", **given: Any) -> Answer:
    """Ask v1 something of the webhook that the path names."""
    return await visit.ask(f"/v1/accounts/{login}/webhooks/{refusing.piece(visit)}{rest}", **given)


async def after(visit: Visit, login: Login, answer: Answer, told: str, **more: Any) -> Response[bytes]:
    """Show the webhook again: with what was done, or why it was not."""
    if answer.good:
        return visit.go(deliveries.place(visit, login), told=visit.words.gettext(told))
    failed = refusing.wrong(visit, answer)
    return await deliveries.shown(visit, login, failed=failed, status=answer.status, **more)


async def listed(
    visit: Visit, login: Login, hook: Hook, *, status: int = HTTPStatus.OK, **more: Any
) -> Response[bytes]:
    """Show the webhooks there are, and the form as it is filled in."""
    answer = await visit.ask(f"/v1/accounts/{login}/webhooks")
    given: dict[str, Any] = {
        "login": login,
        "webhooks": answer.json["data"] if answer.good else [],
        "unread": None if answer.good else refusing.wrong(visit, answer),
        "hook": hook,
        "once": hook.once or token_hex(16),
        "failed": None,
        "made": None,
    }
    return visit.page("access/webhooks.html", status=status, **(given | more))
