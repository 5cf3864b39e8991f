"""The nouns of credentials. None holds a secret, but for what was just made and is shown this once."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from msgspec import Struct

from opencabinet.access.model import Family, Function, Kind, Network
from opencabinet.access.networks import binding
from opencabinet.kernel.problem import Conflict, Malformed, Unknown

LONGEST_NAME: Final = 64
MOST_KEYS: Final = 50
MOST_NETWORKS: Final = 100
MOST_ORIGINS: Final = 20
READS_PER_MINUTE: Final = 60
MOST_READS_PER_MINUTE: Final = 6000
UNBOUND_LASTS: Final = timedelta(days=90)
"""How long a server key is good at most that is good from everywhere, or from whole providers."""
BOUND_LASTS: Final = timedelta(days=5 * 365)
"""How long a server key is good at most that is good from some networks only."""
PUBLISHABLE_LASTS: Final = timedelta(days=365)
ROTATION: Final = timedelta(hours=24)
"""How long the API password before is good once another takes its place."""
SESSION_LASTS: Final = timedelta(hours=24)
"""How long tokens are exchanged for new ones after the API password was shown."""


class BadKey(Malformed):
    """A key of this kind cannot be made."""


class NotOpen(Conflict):
    """A publishable key opens only what is open to everybody."""


class TooManyKeys(Conflict):
    """An account has at most 50 keys: revoke one first."""


class NoSuchToken(Unknown):
    """The account has no such token, or it is expired or revoked."""


class NoSuchKey(Unknown):
    """The account has no such key, or it is expired or revoked."""


class SamePassword(Conflict):
    """The password is one of the account's already: choose another."""


class Token(Struct, frozen=True, kw_only=True):
    """A token that lives. Those of one `session` were refreshed from one another, and end together."""

    id: int
    kind: Kind
    family: Family
    name: str
    session: UUID | None
    networks: tuple[Network, ...]
    created_at: datetime
    expires_at: datetime
    proved_at: datetime | None
    last_used_at: datetime | None


class NewKey(Struct, frozen=True, kw_only=True):
    """What a key is made with; it lasts as long as its kind allows unless `expires_at` tells.

    A publishable one for `frames` may name what is closed: it opens nothing of that, but on its pages widgets in frames
    may ask for the API password.
    """

    kind: Kind
    name: str
    functions: frozenset[Function]
    networks: tuple[Network, ...] = ()
    origins: tuple[str, ...] = ()
    reads_per_minute: int | None = None
    expires_at: datetime | None = None
    frames: bool = False

    @property
    def family(self) -> Family:
        """The family of what it opens."""
        return next(iter(self.functions)).family

    @property
    def most(self) -> timedelta:
        """How long it may last."""
        if self.kind is Kind.PUBLISHABLE:
            return PUBLISHABLE_LASTS
        return BOUND_LASTS if binding(self.networks) else UNBOUND_LASTS


class Key(Struct, frozen=True, kw_only=True):
    """A key that lives: what it opens, from where, and until when."""

    id: int
    kind: Kind
    name: str
    functions: frozenset[Function]
    networks: tuple[Network, ...]
    origins: tuple[str, ...]
    reads_per_minute: int | None
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None


class MadeKey(Struct, frozen=True):
    """A key that was just made, with its secret."""

    key: Key
    secret: str

    def __repr__(self) -> str:
        return "MadeKey(***)"


class NewPassword(Struct, frozen=True, kw_only=True):
    """An API password that took the place of another, which is good until `previous_until` if that is told."""

    password: str
    previous_until: datetime | None = None

    def __repr__(self) -> str:
        return "NewPassword(***)"


class Revoked(Struct, frozen=True, kw_only=True):
    """How many credentials of each kind were taken away."""

    tokens: int
    keys: int
    passwords: int
