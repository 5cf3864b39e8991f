"""Tokens of v1: a bearer for fifteen minutes, and a refresh token that is good for once."""

from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal

import msgspec
from litestar import Request, Response
from litestar.datastructures import Headers
from litestar.exceptions import InternalServerException
from msgspec import UNSET, Meta, Struct, UnsetType

from opencabinet import access
from opencabinet.access import AccessDenied, Family, Lifetimes, Public, Session
from opencabinet.doors import gate
from opencabinet.doors.v1 import query
from opencabinet.doors.v1.operation import handler
from opencabinet.doors.v1.problems import UnsupportedMedia
from opencabinet.doors.v1.words import Time, time
from opencabinet.kernel.ids import LARGEST
from opencabinet.kernel.problem import Malformed

LIFETIMES: Final = Lifetimes()
SCHEME: Final = "bearer"
JSON: Final = "application/json"


class TokenRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """Either `login` and `password` (the account's API password), or a `refresh_token`.

    `family` is what the tokens open: the account's own functions (client), or those it has as a partner.
    """

    login: Annotated[int, Meta(ge=1, le=LARGEST, examples=[1001001])] | UnsetType = UNSET
    password: Annotated[str, Meta(min_length=1, max_length=1024)] | UnsetType = UNSET
    refresh_token: Annotated[str, Meta(min_length=1, max_length=128)] | UnsetType = UNSET
    family: Literal["client", "partner"] = "client"

    def __repr__(self) -> str:
        return "TokenRequest(***)"


EITHER_OR: Final = {
    "oneOf": [
        {"required": ["login", "password"], "properties": {"refresh_token": False}},
        {"required": ["refresh_token"], "properties": {"login": False, "password": False}},
    ]
}
"""What the types of a request's members cannot say: which of them go together."""


class Tokens(Struct, frozen=True, kw_only=True):
    """Send the access token as `Authorization: Bearer …`; exchange the refresh token before it expires."""

    token_type: Literal["Bearer"]
    access_token: str
    expires_in: int
    expires_at: Time
    refresh_token: str
    refresh_expires_at: Time
    login: int
    family: Literal["client", "partner"]


def bearer(headers: Headers) -> str | None:
    """Return the token a caller shows.

    Raises:
        AccessDenied: for two of them, or another scheme.
    """
    shown = headers.getall("authorization", [])
    if not shown:
        return None
    scheme, _, token = shown[0].strip().partition(" ")
    if len(shown) > 1 or scheme.lower() != SCHEME or not token.strip():
        raise AccessDenied("One bearer token may be shown.")
    return token.strip()


async def create_token(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Exchange login and API password, or a refresh token, for new tokens.

    An unknown login and a wrong password are answered alike. A refresh token is good for once: whoever shows it a
    second time ends the session, for somebody else may have it.
    """
    query.read(request.scope["query_string"], ())
    asked = await body(request)
    source, family = gate.source(request, "v1"), Family(asked.family)
    if asked.refresh_token:
        with gate.telling(request, "v1", "token.refresh"):
            async with gate.pool(request).lend() as conn:
                session = await access.refresh(conn, asked.refresh_token, LIFETIMES, source)
    else:
        login = asked.login or 0
        with gate.telling(request, "v1", "token.request", login, family):
            async with gate.pool(request).lend() as conn:
                session = await access.begin(
                    conn,
                    pepper=request.app.state.pepper,
                    login=login,
                    password=asked.password or "",
                    family=family,
                    lifetimes=LIFETIMES,
                    source=source,
                )
    return Response(msgspec.json.encode(said(session)), status_code=201, media_type=JSON)


def said(session: Session) -> Tokens:
    """Say the tokens of a session."""
    now = datetime.now(UTC)
    return Tokens(
        token_type="Bearer",  # noqa: S106 - the name of the scheme
        access_token=session.bearer,
        expires_in=int(LIFETIMES.bearer.total_seconds()),
        expires_at=time(now + LIFETIMES.bearer),
        refresh_token=session.refresh,
        refresh_expires_at=time(now + LIFETIMES.refresh),
        login=session.login,
        family="partner" if session.family is Family.PARTNER else "client",
    )


async def body(request: Request[Any, Any, Any]) -> TokenRequest:
    """Read what is asked for.

    Raises:
        UnsupportedMedia: if it is not said to be JSON.
        Malformed: if it is not what is needed, or not all of it.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != JSON:
        raise UnsupportedMedia(f"Send the body as {JSON}.")
    try:
        asked = msgspec.json.decode(await request.body(), type=TokenRequest)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as wrong:
        raise Malformed(f"The body cannot be read: {str(wrong)[:200]}") from wrong
    except InternalServerException as broken:
        raise Malformed("The body broke off.") from broken
    shown = (asked.login is not UNSET, asked.password is not UNSET, asked.refresh_token is not UNSET)
    if shown not in {(True, True, False), (False, False, True)}:
        raise Malformed("Give login and password, or a refresh token.")
    return asked


create = handler(
    create_token,
    create_token,
    "POST",
    "/tokens",
    tag="tokens",
    need=Public.PUBLIC,
    answer=Tokens,
    body=TokenRequest,
    rule=EITHER_OR,
    status=201,
    refusals=(415,),
)
