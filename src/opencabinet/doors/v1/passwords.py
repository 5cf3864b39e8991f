"""The API password, and taking every credential away."""

from functools import partial
from typing import Annotated, Any, Final, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from opencabinet import access, accounts
from opencabinet.access import Function, people, proves
from opencabinet.doors import caller
from opencabinet.doors.v1.operation import Call, write
from opencabinet.doors.v1.words import Time, time_or_none
from opencabinet.kernel.problem import Malformed, Refused


class NoneChosen(Refused):
    """This server generates API passwords: none is chosen here."""


class PasswordRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the password is made anew.

    `generate`: a new one takes the place of all, and tokens given before are revoked. `rotate`: a new one, and the one
    before is good for 24 hours more. `choose`: your own `password`, of 15 characters or more, which nobody guesses and
    you use nowhere else; tokens given before are revoked.
    """

    how: Literal["generate", "rotate", "choose"]
    password: Annotated[str, Meta(min_length=1, max_length=1024)] | UnsetType = UNSET

    def __repr__(self) -> str:
        return "PasswordRequest(***)"


CHOSEN_ONLY: Final[dict[str, Any]] = {
    "oneOf": [
        {"required": ["password"], "properties": {"how": {"const": "choose"}}},
        {"properties": {"how": {"enum": ["generate", "rotate"]}, "password": False}},
    ]
}
"""What the types of a request's members cannot say: only a password that is chosen is sent."""


class PasswordSet(Struct, frozen=True, kw_only=True):
    """The new password, shown this once; null if you chose it.

    The one before is good until `previous_until`, or no longer if that is null.
    """

    password: str | None
    previous_until: Time | None

    def __repr__(self) -> str:
        return "PasswordSet(***)"


@write(
    "PUT",
    "/accounts/{login}/password",
    tag="credentials",
    need=Function.ACCESS,
    answer=PasswordSet,
    body=PasswordRequest,
    rule=CHOSEN_ONLY,
    refusals=(409,),
)
async def set_password(call: Call, asked: PasswordRequest) -> PasswordSet:
    """Give the account a new API password: a generated one, or one that you choose.

    A generated one is safer, and guesses at it never lock you out.
    """
    if (asked.how == "choose") is (asked.password is UNSET):
        raise Malformed("Give a password if you choose it, and only then.")
    by, source, pepper = caller.bearer(call.request), caller.source(call.request), call.request.app.state.pepper
    if isinstance(asked.password, str):
        await choose(call, asked.password)
        return PasswordSet(password=None, previous_until=None)
    if asked.how == "generate":
        made = await access.set_password(call.conn, call.login, pepper=pepper, by=by, source=source)
        return PasswordSet(password=made, previous_until=None)
    new = await access.rotate_password(call.conn, call.login, pepper=pepper, by=by, source=source)
    return PasswordSet(password=new.password, previous_until=time_or_none(new.previous_until))


async def choose(call: Call, password: str) -> None:
    """Let the owner choose the password.

    Raises:
        NoneChosen: if the operator does not let them.
    """
    if not call.request.app.state.chosen_passwords:
        raise NoneChosen
    hasher = call.request.app.state.hasher
    account = await accounts.existing(call.conn, call.login)
    await access.choose_password(
        call.conn,
        call.login,
        password,
        hasher=hasher,
        context=(account.name, account.company),
        is_another=partial(people.is_owners_password, call.conn, hasher, call.login),
        by=caller.bearer(call.request),
        source=caller.source(call.request),
    )


class AllRevoked(Struct, frozen=True, kw_only=True):
    """How many credentials of each kind were taken away, and how many sessions of the account's owner were ended.

    `passwords` is null if the API password stays good, as it was not shown just now.
    """

    tokens: int
    keys: int
    passwords: int | None
    sessions: int


@write(
    "POST",
    "/accounts/{login}/not-me",
    tag="credentials",
    need=Function.ACCESS,
    answer=AllRevoked,
    fresh=False,
)
async def revoke_everything(call: Call) -> AllRevoked:
    """Say that it was not you: every token and key of the account is revoked at once.

    The token you show is revoked, too, and you are signed out of the cabinet everywhere. The API password is revoked
    only if it was shown for the token just now, so that nobody takes it away who merely found the token; the broker
    gives you a new one.
    """
    source, means, by = caller.source(call.request), call.request.app.state.means, caller.bearer(call.request)
    fresh = by is not None and proves(by, call.now)
    async with call.conn.transaction():
        gone = await access.not_me(call.conn, call.login, source, password=fresh)
        ended = await people.end_owners_sessions(call.conn, means, call.login, source)
    return AllRevoked(tokens=gone.tokens, keys=gone.keys, passwords=gone.passwords if fresh else None, sessions=ended)
