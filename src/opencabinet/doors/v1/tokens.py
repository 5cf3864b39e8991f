"""Tokens of v1: a bearer for fifteen minutes, and a refresh token that is good for once."""

from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal, Self

import msgspec
from litestar import Request, Response
from litestar.datastructures import Headers
from msgspec import UNSET, Meta, Struct, UnsetType

from opencabinet import access
from opencabinet.access import AccessDenied, Family, Function, Lifetimes, Public, Session
from opencabinet.access.credentials.model import LONGEST_NAME
from opencabinet.doors import caller, gate, lending
from opencabinet.doors.telling import telling
from opencabinet.doors.v1 import bodies, query
from opencabinet.doors.v1.listing import Newest
from opencabinet.doors.v1.operation import Call, handler, numbered, read, write
from opencabinet.doors.v1.query import LARGEST_LIMIT, SPOKEN
from opencabinet.doors.v1.words import Time, time, time_or_none
from opencabinet.kernel.ids import LARGEST
from opencabinet.kernel.problem import Malformed

LIFETIMES: Final = Lifetimes()
SCHEME: Final = "bearer"
JSON: Final = "application/json"


TokenName = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=LONGEST_NAME,
        pattern=SPOKEN,
        description="What the tokens are called in the list of tokens.",
        examples=["reporting script"],
    ),
]


class TokenRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """Either `login` and `password` (the account's API password), or a `refresh_token`.

    `family` is what the tokens open: the account's own functions (client), or those it has as a partner. With a
    password, tokens may be given a `name`, and may be bound to the network of your address (its /24, or /64 of IPv6).
    """

    login: Annotated[int, Meta(ge=1, le=LARGEST, examples=[1001001])] | UnsetType = UNSET
    password: Annotated[str, Meta(min_length=1, max_length=1024)] | UnsetType = UNSET
    refresh_token: Annotated[str, Meta(min_length=1, max_length=128)] | UnsetType = UNSET
    family: Literal["client", "partner", "mobile"] = "client"
    name: TokenName | UnsetType = UNSET
    bind_network: bool = False

    def __repr__(self) -> str:
        return "TokenRequest(***)"


EITHER_OR: Final = {
    "oneOf": [
        {"required": ["login", "password"], "properties": {"refresh_token": False}},
        {"required": ["refresh_token"], "properties": {"login": False, "password": False, "name": False}},
    ]
}
"""What the types of a request's members cannot say: which of them go together."""


class Tokens(Struct, frozen=True, kw_only=True):
    """Send the access token as `Authorization: Bearer …`; exchange the refresh token before it expires.

    A day after the password was shown, none is exchanged any more: show it again.
    """

    token_type: Literal["Bearer"]
    access_token: str
    expires_in: int
    expires_at: Time
    refresh_token: str
    refresh_expires_at: Time
    login: int
    family: Literal["client", "partner", "mobile"]


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


class TokenShown(Struct, frozen=True, kw_only=True):
    """A token that lives. Those of one `session` were refreshed from one another, and are revoked together.

    It is good from `networks` only, from everywhere if none are listed. The API password was shown for it at
    `proved_at`.
    """

    id: str
    kind: Literal["legacy", "bearer", "refresh"]
    family: Literal["client", "partner", "mobile"]
    name: str
    session: str | None
    networks: list[str]
    created_at: Time
    expires_at: Time
    proved_at: Time | None
    last_used_at: Time | None

    @classmethod
    def of(cls, token: access.Token) -> Self:
        """Say a token."""
        return cls(
            id=f"tok_{token.id}",
            kind=token.kind.value,  # type: ignore[arg-type]  # no key is a token
            family=token.family.value,
            name=token.name,
            session=None if token.session is None else f"ses_{token.session.hex}",
            networks=list(map(str, token.networks)),
            created_at=time(token.created_at),
            expires_at=time(token.expires_at),
            proved_at=time_or_none(token.proved_at),
            last_used_at=time_or_none(token.last_used_at),
        )


class RevokedTokens(Struct, frozen=True):
    """How many tokens were revoked."""

    tokens: int


@read("/accounts/{login}/tokens", tag="credentials", need=Function.ACCESS, answer=Newest[TokenShown])
async def list_tokens(call: Call) -> Newest[TokenShown]:
    """List the tokens of the account that live, the newest first; their secrets are shown to nobody.

    At most 500 are listed; `has_more` tells of older ones, which are revoked with all of them.
    """
    found, more = await access.tokens(call.conn, call.login, limit=LARGEST_LIMIT)
    return Newest(data=list(map(TokenShown.of, found)), has_more=more)


@write(
    "DELETE",
    "/accounts/{login}/tokens",
    tag="credentials",
    need=Function.ACCESS,
    answer=RevokedTokens,
    fresh=False,
)
async def revoke_tokens(call: Call) -> RevokedTokens:
    """Revoke every token of the account, on every wire, the one you show included. Keys live on."""
    return RevokedTokens(await access.revoke(call.conn, call.login, caller.source(call.request)))


@write(
    "DELETE",
    "/accounts/{login}/tokens/{id}",
    tag="credentials",
    need=Function.ACCESS,
    answer=RevokedTokens,
    fresh=False,
)
async def revoke_token(call: Call) -> RevokedTokens:
    """Revoke a token, with all of its session: whoever has the one may have the others."""
    return RevokedTokens(
        await access.revoke_token(call.conn, call.login, numbered(call, "tok"), caller.source(call.request))
    )


async def create_token(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Exchange login and API password, or a refresh token, for new tokens.

    An unknown login and a wrong password are answered alike. A refresh token is good for once: whoever shows it a
    second time ends the session, for somebody else may have it.
    """
    query.read(request.scope["query_string"], ())
    asked = checked(await bodies.read(request, TokenRequest))
    session = await (refreshed(request, asked.refresh_token) if asked.refresh_token else begun(request, asked))
    return Response(msgspec.json.encode(said(session)), status_code=201, media_type=JSON)


async def refreshed(request: Request[Any, Any, Any], token: str) -> Session:
    """Exchange a refresh token."""
    source, limits = caller.source(request), gate.guesses(request)
    with telling(request, "token.refresh"):
        async with lending.guessing(request) as conn:
            return await access.refresh(conn, token, LIFETIMES, source, limits)


async def begun(request: Request[Any, Any, Any], asked: TokenRequest) -> Session:
    """Begin a session for a password."""
    source, family, login = caller.source(request), Family(asked.family), asked.login or 0
    label = access.label(asked.name or "", source, bind_network=asked.bind_network)
    with telling(request, "token.request", login, family):
        async with lending.guessing(request) as conn:
            return await access.begin(
                conn,
                pepper=request.app.state.pepper,
                login=login,
                password=asked.password or "",
                family=family,
                lifetimes=LIFETIMES,
                source=source,
                hasher=request.app.state.hasher,
                label=label,
                limits=gate.guesses(request),
            )


def said(session: Session) -> Tokens:
    """Say the tokens of a session."""
    now = datetime.now(UTC)
    return Tokens(
        token_type="Bearer",  # noqa: S106 - the name of the scheme
        access_token=session.bearer,
        expires_in=int(session.lifetimes.bearer.total_seconds()),
        expires_at=time(now + session.lifetimes.bearer),
        refresh_token=session.refresh,
        refresh_expires_at=time(now + session.lifetimes.refresh),
        login=session.login,
        family=session.family.value,
    )


def checked(asked: TokenRequest) -> TokenRequest:
    """Return what is asked for.

    Raises:
        Malformed: if it is not all that is needed, or more.
    """
    shown = (asked.login is not UNSET, asked.password is not UNSET, asked.refresh_token is not UNSET)
    if shown not in {(True, True, False), (False, False, True)}:
        raise Malformed("Give login and password, or a refresh token.")
    if asked.refresh_token and (asked.name or asked.bind_network):
        raise Malformed("Name and network are told with the password; they are kept when tokens are refreshed.")
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
    cost=0,
    refusals=(413, 415),
)
