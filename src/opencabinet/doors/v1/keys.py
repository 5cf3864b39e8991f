"""Keys: made by the owner for programs of their own, and for pages that everybody sees."""

from datetime import datetime
from typing import Annotated, Literal, Self

from msgspec import Meta, Struct

from opencabinet import access
from opencabinet.access import Function, Kind, NewKey
from opencabinet.access.credentials.model import LONGEST_NAME, MOST_NETWORKS, MOST_ORIGINS, MOST_READS_PER_MINUTE
from opencabinet.access.credentials.origins import LONGEST
from opencabinet.access.rules.document import Mask
from opencabinet.doors import caller
from opencabinet.doors.v1.listing import Newest
from opencabinet.doors.v1.operation import Call, numbered, read, write
from opencabinet.doors.v1.query import SPOKEN
from opencabinet.doors.v1.words import Time, time, time_or_none

Origin = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=LONGEST,
        description="Of pages: https://host or https://host:port; http on this machine only.",
        examples=["https://www.example.com"],
    ),
]


class KeyRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a key is to open, and from where.

    A `server` key is for programs of your own: it may list `networks`, and then lasts five years at most, 90 days
    otherwise. A `publishable` key is for pages that everybody sees: it needs their `origins`, opens only what the
    account's rules open to everybody, reads `reads_per_minute` times (60 unless told) and lasts a year at most. With
    `frames` it may name what is closed: it opens nothing of that, but lets widgets in frames on its pages ask for the
    API password.
    """

    kind: Literal["server", "publishable"]
    name: Annotated[str, Meta(min_length=1, max_length=LONGEST_NAME, pattern=SPOKEN)]
    functions: Annotated[list[Function], Meta(min_length=1, max_length=len(Function))]
    networks: Annotated[list[Mask], Meta(max_length=MOST_NETWORKS)] = []
    origins: Annotated[list[Origin], Meta(max_length=MOST_ORIGINS)] = []
    reads_per_minute: Annotated[int, Meta(ge=1, le=MOST_READS_PER_MINUTE)] | None = None
    expires_at: Annotated[datetime, Meta(tz=True)] | None = None
    frames: bool = False

    @property
    def key(self) -> NewKey:
        """The key, as it is made.

        Raises:
            Malformed: for a mask that cannot be read.
        """
        return NewKey(
            kind=Kind(self.kind),
            name=self.name,
            functions=frozenset(self.functions),
            networks=tuple(network for mask in self.networks for network in access.networks(mask)),
            origins=tuple(self.origins),
            reads_per_minute=self.reads_per_minute,
            expires_at=self.expires_at,
            frames=self.frames,
        )


class KeyShown(Struct, frozen=True, kw_only=True):
    """A key that lives: what it opens, from where, and until when. It is good from everywhere if nothing is listed."""

    id: str
    kind: Literal["server", "publishable"]
    name: str
    functions: list[Function]
    networks: list[str]
    origins: list[str]
    reads_per_minute: int | None
    created_at: Time
    expires_at: Time
    last_used_at: Time | None

    @classmethod
    def of(cls, key: access.Key) -> Self:
        """Say a key."""
        return cls(
            id=f"key_{key.id}",
            kind="server" if key.kind is Kind.SERVER else "publishable",
            name=key.name,
            functions=sorted(key.functions),
            networks=list(map(str, key.networks)),
            origins=list(key.origins),
            reads_per_minute=key.reads_per_minute,
            created_at=time(key.created_at),
            expires_at=time(key.expires_at),
            last_used_at=time_or_none(key.last_used_at),
        )


class KeyMade(Struct, frozen=True):
    """A key that was made. Its `secret` is shown this once: send it as `Authorization: Bearer …`."""

    secret: str
    key: KeyShown

    def __repr__(self) -> str:
        return "KeyMade(***)"


class RevokedKeys(Struct, frozen=True):
    """How many keys were revoked."""

    keys: int


@read("/accounts/{login}/keys", tag="credentials", need=Function.ACCESS, answer=Newest[KeyShown])
async def list_keys(call: Call) -> Newest[KeyShown]:
    """List the keys of the account that live, the newest first; their secrets are shown to nobody."""
    return Newest(data=list(map(KeyShown.of, await access.keys(call.conn, call.login))), has_more=False)


@write(
    "POST",
    "/accounts/{login}/keys",
    tag="credentials",
    need=Function.ACCESS,
    answer=KeyMade,
    body=KeyRequest,
    status=201,
    refusals=(409,),
    once=True,
)
async def create_key(call: Call, asked: KeyRequest) -> KeyMade:
    """Make a key. Its secret is shown this once, and kept as a hash only.

    No key changes who may read the account. An account has 50 keys at most.
    """
    made = await access.make_key(
        call.conn, call.login, asked.key, caller.bearer(call.request), caller.source(call.request)
    )
    return KeyMade(made.secret, KeyShown.of(made.key))


@write(
    "DELETE",
    "/accounts/{login}/keys/{id}",
    tag="credentials",
    need=Function.ACCESS,
    answer=RevokedKeys,
    fresh=False,
)
async def revoke_key(call: Call) -> RevokedKeys:
    """Revoke a key. The next request with it is refused."""
    await access.revoke_key(call.conn, call.login, numbered(call, "key"), caller.source(call.request))
    return RevokedKeys(1)
