"""The matrix of an account: who may read what, changed as a form, looked at before it is saved."""

import asyncio
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from litestar import Response
from msgspec import Struct

from opencabinet.access import Signed
from opencabinet.doors import caller
from opencabinet.doors.cabinet.access import masks, naming, refusing
from opencabinet.doors.cabinet.access.drafts import DEFAULT, Draft
from opencabinet.doors.cabinet.access.masks import Mask
from opencabinet.doors.cabinet.client.fragments import Failed
from opencabinet.doors.cabinet.client.listing import WHOLE
from opencabinet.doors.cabinet.forms import Form
from opencabinet.doors.cabinet.handlers import page
from opencabinet.doors.cabinet.visit import Visit
from opencabinet.doors.seen import seen
from opencabinet.doors.within import Answer
from opencabinet.doors.wording import marked
from opencabinet.kernel.ids import Login

PAGE: Final = "access/policy.html"
SAVED: Final = marked("The rules are saved. They count from the next request on.")
GROUPS: Final = (
    (marked("The account"), "", naming.OF_ACCOUNT),
    (marked("What tells of you"), marked("This always needs a credential; it can only be stricter."), naming.OF_PERSON),
    (marked("As a partner"), marked("What counts where the account is a partner's."), naming.OF_PARTNER),
)


class Review(Struct, frozen=True, kw_only=True):
    """What saving a draft would change, as v1 says, or why it cannot be saved."""

    changes: list[Mapping[str, Any]] = []
    locks_you_out_of: list[str] = []
    warnings: list[str] = []
    failed: Failed | None = None
    row: str | None = None
    """The row that v1 speaks of."""


def policy_of(login: Login) -> str:
    """Return where v1 keeps the policy of an account."""
    return f"/v1/accounts/{login}/access-policy"


@page("/accounts/{login}/access", need=Signed.IN)
async def show_policy(visit: Visit) -> Response[bytes]:
    """Show who may read the account, function by function, as a form."""
    login = visit.login()
    if not visit.partial and WHOLE not in visit.request.query_params:
        return visit.page("access/awaited.html", login=login)
    answer = await visit.ask(policy_of(login))
    if not answer.good:
        failed = refusing.wrong(visit, answer)
        return visit.page("access/unread.html", status=answer.status, login=login, failed=failed)
    draft = Draft.shown(answer.json, answer.headers["etag"])
    review = Review(warnings=answer.json["warnings"])
    return shown(visit, login, draft, review=review)


async def adding(visit: Visit, form: Form) -> Response[bytes]:
    """Show the form again with one's own address added to a row; nothing is saved."""
    login, draft = visit.login(), Draft.typed(form)
    mine, name = caller.address(visit.request), form.text("adds", longest=32)
    rows = [each.adding(str(mine)) if mine is not None and each.name == name else each for each in draft.rows]
    return shown(visit, login, Draft(rows=tuple(rows), etag=draft.etag), opened=name)


async def reviewing(visit: Visit, form: Form) -> Response[bytes]:
    """Show what saving what was typed would change."""
    login, draft = visit.login(), Draft.typed(form)
    review = await reviewed(visit, login, draft)
    return shown(visit, login, draft, review=review, looked=True, part="access/review.html")


async def saving(visit: Visit, form: Form) -> Response[bytes]:
    """Save what was typed, if it replaces the policy that it was typed over."""
    login, draft = visit.login(), Draft.typed(form)
    if draft.wrong:
        return shown(visit, login, draft, status=HTTPStatus.BAD_REQUEST)
    target = policy_of(login) + ("?confirm=lockout" if form.ticked("confirm") else "")
    tag = {"If-Match": draft.etag} if draft.etag else {}
    answer = await visit.ask(target, method="PUT", body=draft.document, headers=tag)
    if answer.good:
        return visit.go(f"/cabinet/accounts/{login}/access", told=visit.words.gettext(SAVED))
    if answer.status in {HTTPStatus.PRECONDITION_FAILED, HTTPStatus.PRECONDITION_REQUIRED}:
        return await changed_meanwhile(visit, login, draft)
    return await refused(visit, login, draft, answer)


async def refused(visit: Visit, login: Login, draft: Draft, answer: Answer) -> Response[bytes]:
    """Show why a draft was not saved, and what it would change where that can be told."""
    failed = refusing.wrong(visit, answer)
    review = await reviewed(visit, login, draft)
    if review.failed is None:
        review = Review(
            changes=review.changes,
            locks_you_out_of=review.locks_you_out_of,
            warnings=review.warnings,
            failed=failed,
            row=row_of(failed),
        )
    return shown(visit, login, draft, review=review, looked=True, status=answer.status)


async def changed_meanwhile(visit: Visit, login: Login, draft: Draft) -> Response[bytes]:
    """Show what was typed beside what was set elsewhere meanwhile; saving it again replaces that."""
    current, review = await asyncio.gather(visit.ask(policy_of(login)), reviewed(visit, login, draft))
    if not current.good:
        return await refused(visit, login, draft, current)
    newer = Draft(rows=draft.rows, etag=current.headers["etag"])
    status = HTTPStatus.PRECONDITION_FAILED
    return shown(visit, login, newer, review=review, looked=True, meanwhile=current.json["changed_at"], status=status)


async def reviewed(visit: Visit, login: Login, draft: Draft) -> Review:
    """Ask v1 what saving a draft would change."""
    if draft.wrong:
        return Review()
    answer = await visit.ask(f"{policy_of(login)}/diff", method="POST", body={"policy": draft.document})
    if not answer.good:
        failed = refusing.wrong(visit, answer)
        return Review(failed=failed, row=row_of(failed))
    told = answer.json
    return Review(changes=told["data"], locks_you_out_of=told["locks_you_out_of"], warnings=told["warnings"])


def row_of(failed: Failed) -> str | None:
    """Return the row that v1 speaks of, if it names one."""
    name = (failed.detail or "").partition(":")[0]
    return name if name in naming.FUNCTIONS else None


def shown(
    visit: Visit, login: Login, draft: Draft, *, status: int = HTTPStatus.OK, part: str = "", **more: Any
) -> Response[bytes]:
    """Show the form as it is filled in, or the part of it that was asked for."""
    given: dict[str, Any] = {
        "login": login,
        "draft": draft,
        "masks": masks_of(visit, draft),
        "naming": naming,
        "groups": GROUPS,
        "from_where": seen(visit.request),
        "review": Review(),
        "looked": False,
        "meanwhile": None,
        "opened": "",
        "seen": None,
        "looks_at": "",
        "looks_from": "",
        "simulated": None,
        "thought": {"functions": [], "addresses": [], "credentials": ["none", "password"], "origin": ""},
        "default": DEFAULT,
        "stepped_up": visit.person.session.stepped_up,
    }
    template = part if part and visit.partial else PAGE
    return visit.page(template, status=HTTPStatus.OK if template == part else status, **(given | more))


def masks_of(visit: Visit, draft: Draft) -> dict[str, list[Mask]]:
    """Return what the masks of each row hold."""
    return {row.name: masks.seen(visit, row.masks) for row in draft.rows if row.masks}
