"""Tokens: who is signed in to the API, listed and revoked; and the API password that gives them."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from litestar import Response

from opencabinet.access import Signed
from opencabinet.doors.cabinet.access import refusing
from opencabinet.doors.cabinet.forms import Form
from opencabinet.doors.cabinet.handlers import act, page
from opencabinet.doors.cabinet.visit import Visit
from opencabinet.doors.wording import marked
from opencabinet.kernel.ids import Login

KINDS: Final[Mapping[str, str]] = {
    "legacy": marked("Of the old API"),
    "bearer": marked("Access token"),
    "refresh": marked("Refresh token"),
}
FAMILIES: Final[Mapping[str, str]] = {
    "client": marked("Client"),
    "partner": marked("Partner"),
    "mobile": marked("Mobile"),
}
WAYS: Final[tuple[tuple[str, str, str], ...]] = (
    (
        "rotate",
        marked("Rotate it"),
        marked("A new one is made. The one before is good for 24 hours more, and tokens live on: nothing breaks."),
    ),
    (
        "generate",
        marked("Replace it at once"),
        marked("A new one is made. The one before is good for nothing any more, and every token is revoked."),
    ),
    (
        "choose",
        marked("Choose one"),
        marked(
            "15 characters or more, used nowhere else. The one before is good for nothing any more, and every token "
            "is revoked. A generated one is safer: guesses at it never lock you out."
        ),
    ),
)


@page("/accounts/{login}/access/tokens", need=Signed.IN)
async def list_tokens(visit: Visit) -> Response[bytes]:
    """List who is signed in to the API of the account."""
    return await shown(visit, visit.login())


@act("/accounts/{login}/access/tokens/{id}/revoke", need=Signed.IN)
async def revoke_token(visit: Visit, form: Form) -> Response[bytes]:
    """Revoke a token with all of its session."""
    del form
    login = visit.login()
    return await revoked(visit, login, f"/v1/accounts/{login}/tokens/{refusing.piece(visit)}")


@act("/accounts/{login}/access/tokens/revoke", need=Signed.IN)
async def revoke_tokens(visit: Visit, form: Form) -> Response[bytes]:
    """Revoke every token of the account."""
    del form
    login = visit.login()
    return await revoked(visit, login, f"/v1/accounts/{login}/tokens")


async def revoked(visit: Visit, login: Login, target: str) -> Response[bytes]:
    """Revoke tokens, and say how many they were."""
    answer = await visit.ask(target, method="DELETE")
    if not answer.good:
        return await shown(visit, login, failed=refusing.wrong(visit, answer), status=answer.status)
    many = answer.json["tokens"]
    told = visit.words.ngettext("%(num)d token is revoked.", "%(num)d tokens are revoked.", many) % {"num": many}
    return visit.go(f"/cabinet/accounts/{login}/access/tokens", told=told)


async def shown(visit: Visit, login: Login, *, status: int = HTTPStatus.OK, failed: Any = None) -> Response[bytes]:
    """Show the tokens there are."""
    answer = await visit.ask(f"/v1/accounts/{login}/tokens")
    given: dict[str, Any] = {"login": login, "failed": failed, "kinds": KINDS, "families": FAMILIES}
    if not answer.good:
        unread = refusing.wrong(visit, answer)
        return visit.page("access/tokens.html", status=answer.status, tokens=[], more=False, unread=unread, **given)
    told = answer.json
    rows = {"tokens": told["data"], "more": told["has_more"], "unread": None}
    return visit.page("access/tokens.html", status=status, **rows, **given)


@page("/accounts/{login}/access/password", need=Signed.IN)
async def show_password(visit: Visit) -> Response[bytes]:
    """Show the ways in which the API password is made anew."""
    return password_page(visit, visit.login())


@act("/accounts/{login}/access/password", need=Signed.IN)
async def set_password(visit: Visit, form: Form) -> Response[bytes]:
    """Give the account a new API password, and show it this once."""
    login, how = visit.login(), form.text("how", longest=32)
    body: dict[str, str] = {"how": how}
    if how == "choose":
        body["password"] = form.secret("password")
    answer = await visit.ask(f"/v1/accounts/{login}/password", method="PUT", body=body)
    if not answer.good:
        failed = refusing.wrong(visit, answer)
        return password_page(visit, login, status=answer.status, failed=failed, how=how)
    return password_page(visit, login, made=answer.json, how=how)


def password_page(visit: Visit, login: Login, *, status: int = HTTPStatus.OK, **more: Any) -> Response[bytes]:
    """Show the ways that there are here: the operator may let none be chosen."""
    chosen = bool(visit.request.app.state.chosen_passwords)
    ways = [each for each in WAYS if chosen or each[0] != "choose"]
    given: dict[str, Any] = {"login": login, "ways": ways, "failed": None, "made": None, "how": "rotate"}
    return visit.page("access/password.html", status=status, **(given | more))
