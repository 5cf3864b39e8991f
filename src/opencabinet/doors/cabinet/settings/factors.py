"""Getting second factors and recovery codes, and giving them up."""

import base64
import binascii
from collections.abc import Awaitable, Callable
from typing import Any, Final

import segno
from litestar import Response
from markupsafe import Markup

from opencabinet.access import Signed, Source
from opencabinet.access.people import Means, PasswordLeans, ProofRefused, factors
from opencabinet.access.people.factors import FactorMissing
from opencabinet.access.people.sessions import needs_step_up
from opencabinet.db import Connection
from opencabinet.doors import caller, lending
from opencabinet.doors.cabinet import proofs, seat
from opencabinet.doors.cabinet.forms import Form
from opencabinet.doors.cabinet.handlers import act, page
from opencabinet.doors.cabinet.settings.security import HERE
from opencabinet.doors.cabinet.visit import Visit
from opencabinet.doors.wording import marked
from opencabinet.kernel.problem import Conflict, Malformed, Overloaded, Throttled

APP: Final = f"{HERE}/app"
APP_PAGE: Final = "settings/app.html"
PASSKEY_PAGE: Final = "settings/passkey.html"
ADDED: Final = marked(
    "It counts from now on: you are asked for it at each sign-in. Keep recovery codes for the day it is lost."
)
REMOVED: Final = marked("It is removed.")
Verb = Callable[[Connection, Means, Source], Awaitable[str]]


async def rotated(visit: Visit, told: str, verb: Verb) -> Response[bytes]:
    """Do what gives the session another token, and say that it is done."""
    async with lending.guessing(visit.request) as conn:
        token = await verb(conn, visit.request.app.state.means, caller.source(visit.request))
    answer = visit.go(HERE, told=visit.words.gettext(told))
    seat.keep(visit.request, answer, token)
    return answer


@page("/settings/security/app", need=Signed.IN)
async def show_app(visit: Visit) -> Response[bytes]:
    """Show the secret of an authenticator app that waits for its first code."""
    return await app_page(visit)


async def app_page(visit: Visit, refused: ProofRefused | Throttled | Overloaded | None = None) -> Response[bytes]:
    """Return the page with the secret; where no app waits, the way back."""
    async with lending.borrowed(visit.request) as conn:
        issuer = str(visit.request.app.state.brand or "OpenCabinet")
        shown = await factors.pending_app(conn, visit.request.app.state.means, visit.person.session, issuer)
    if shown is None:
        return visit.go(HERE)
    given: dict[str, Any] = {
        "secret": spaced(shown.secret),
        "address": shown.address,
        "picture": picture(shown.address),
    }
    return visit.again(APP_PAGE, refused, **given) if refused else visit.page(APP_PAGE, wrong="", **given)


def spaced(secret: str) -> str:
    """Return a secret in groups of four, as it is typed."""
    return " ".join(secret[place : place + 4] for place in range(0, len(secret), 4))


def picture(address: str) -> Markup:
    """Return an address as a picture that apps read, drawn here: nobody else hears of it."""
    drawn = segno.make(address, error="m", micro=False)
    return Markup(drawn.svg_inline(border=0, svgclass=None, lineclass=None, omitsize=True))  # noqa: S704


@act("/settings/security/app", need=Signed.IN)
async def begin_app(visit: Visit, form: Form) -> Response[bytes]:
    """Make the secret of an authenticator app."""
    del form
    async with lending.borrowed(visit.request) as conn:
        await factors.begin_app(conn, visit.request.app.state.means, visit.person.session)
    return visit.go(APP)


@act("/settings/security/app/confirm", need=Signed.IN)
async def confirm_app(visit: Visit, form: Form) -> Response[bytes]:
    """Let the app count, once it has shown its first code."""
    session, code = visit.person.session, form.secret("code", longest=64)
    try:
        return await rotated(
            visit, ADDED, lambda conn, means, source: factors.confirm_app(conn, means, session, code, source)
        )
    except (ProofRefused, Throttled, Overloaded) as refused:
        return await app_page(visit, refused)


@act("/settings/security/app/remove", need=Signed.IN)
async def remove_app(visit: Visit, form: Form) -> Response[bytes]:
    """Give up the authenticator app."""
    del form
    session = visit.person.session
    return await removed(visit, lambda conn, means, source: factors.remove_app(conn, means, session, source))


async def removed(visit: Visit, verb: Verb) -> Response[bytes]:
    """Give up a factor; what stands against it is said on the page of all of them."""
    try:
        return await rotated(visit, REMOVED, verb)
    except (PasswordLeans, FactorMissing) as refused:
        return visit.go(HERE, told=visit.says(refused))


@page("/settings/security/passkey", need=Signed.IN)
async def show_new_passkey(visit: Visit) -> Response[bytes]:
    """Show where a passkey is made."""
    needs_step_up(visit.person.session)
    return visit.page(PASSKEY_PAGE, name="", wrong="")


@act("/settings/security/passkey/ask", need=Signed.IN)
async def ask_new_passkey(visit: Visit, form: Form) -> Response[bytes]:
    """Return what a device is asked for a new passkey, to the script of the page."""
    del form
    session, site = visit.person.session, proofs.site(visit)
    async with lending.borrowed(visit.request) as conn:
        return visit.json(await factors.begin_passkey(conn, visit.request.app.state.means, session, site))


@act("/settings/security/passkey", need=Signed.IN)
async def keep_passkey(visit: Visit, form: Form) -> Response[bytes]:
    """Keep the passkey that a device made."""
    session, site, name = visit.person.session, proofs.site(visit), form.text("name", longest=128)
    answer = form.secret("answer", longest=proofs.LONGEST_ANSWER)
    try:
        return await rotated(
            visit,
            ADDED,
            lambda conn, means, source: factors.confirm_passkey(conn, means, session, site, answer, name, source),
        )
    except (ProofRefused, Malformed, Conflict, Throttled, Overloaded) as refused:
        return visit.again(PASSKEY_PAGE, refused, name=name)


@act("/settings/security/passkey/remove", need=Signed.IN)
async def remove_passkey(visit: Visit, form: Form) -> Response[bytes]:
    """Give up a passkey."""
    session = visit.person.session
    try:
        key = base64.urlsafe_b64decode(form.text("key", longest=2048))
    except (binascii.Error, ValueError) as wrong:
        raise Malformed("This names no passkey.") from wrong
    return await removed(visit, lambda conn, means, source: factors.remove_passkey(conn, means, session, key, source))


@act("/settings/security/codes", need=Signed.IN)
async def new_codes(visit: Visit, form: Form) -> Response[bytes]:
    """Show ten new recovery codes, this once."""
    del form
    try:
        async with lending.borrowed(visit.request) as conn:
            means, source = visit.request.app.state.means, caller.source(visit.request)
            codes = await factors.new_recovery_codes(conn, means, visit.person.session, source)
    except FactorMissing as refused:
        return visit.go(HERE, told=visit.says(refused))
    return visit.page("settings/codes.html", codes=codes)
