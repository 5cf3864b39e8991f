"""The nouns of feed keys. None holds a secret, but for what was just made and is shown this once."""

from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from opencabinet.access.credentials.model import BOUND_LASTS, UNBOUND_LASTS
from opencabinet.access.model import Network
from opencabinet.access.networks import binding
from opencabinet.kernel.problem import Conflict, Malformed, Unknown

MOST_KEYS: Final = 100
MOST_SERVERS: Final = 50


class BadFeedKey(Malformed):
    """No such feed key can be made."""


class TooManyFeedKeys(Conflict):
    """There are at most 100 feed keys: revoke one first."""


class NoSuchFeedKey(Unknown):
    """There is no such feed key, or it is expired or revoked."""


class NoSuchServer(Unknown):
    """The key brings in no rows of such a server."""


class NewFeedKey(Struct, frozen=True, kw_only=True):
    """What a feed key is made with: whose rows it brings in, and from where; it lasts as long as may be unless told."""

    name: str
    servers: tuple[str, ...]
    networks: tuple[Network, ...] = ()
    expires_at: datetime | None = None

    @property
    def most(self) -> timedelta:
        """How long it may last."""
        return BOUND_LASTS if binding(self.networks) else UNBOUND_LASTS


class FeedKey(Struct, frozen=True, kw_only=True):
    """A feed key that lives: whose rows it brings in, from where, and until when."""

    id: int
    name: str
    servers: tuple[str, ...]
    networks: tuple[Network, ...]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None


class MadeFeedKey(Struct, frozen=True):
    """A feed key that was just made, with its secret."""

    key: FeedKey
    secret: str

    def __repr__(self) -> str:
        return "MadeFeedKey(***)"


class Feeder(Struct, frozen=True):
    """Who was let in to bring rows of a server: only `permit_feed` makes one."""

    key: int
    server: str
