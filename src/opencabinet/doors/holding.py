"""Answers that may be held: what they depend on, told to whoever in front of the application holds them."""

from enum import Enum, auto
from typing import Any, Final

from litestar.connection import ASGIConnection
from msgspec import Struct

from opencabinet.access import Ask, Decision, Evidence, Kind, secrets

HELD: Final = "held"
HOLDING: Final = "opencabinet.holding"
"""Where the edge waits in a request's scope to be told."""


class Lasting(Enum):
    """How long an answer may be held."""

    ROWS = auto()
    """Until something changes: it is made of rows that announce their changes, and of nothing else."""
    NOW = auto()
    """A moment: it is made of prices or of the time, too."""


class Judged(Struct, frozen=True, kw_only=True):
    """What was decided of a request whose answer may be held, and by what; `shown` is the hash of its credential."""

    evidence: Evidence
    ask: Ask
    decision: Decision
    lasting: Lasting
    kind: Kind
    shown: bytes | None
    cost: int

    def __repr__(self) -> str:
        return "Judged(***)"


class Holding(Struct):
    """What is known of a request whose answer might be held; of one that is not sent (304), its type and body, too."""

    judged: Judged | None = None
    media_type: str = ""
    body: bytes | None = None


def unsent(connection: ASGIConnection[Any, Any, Any, Any], media_type: str, body: bytes) -> None:
    """Tell whoever would hold the answer what it is, where the caller has it already."""
    holding = connection.scope.get(HOLDING)
    if isinstance(holding, Holding):
        holding.media_type, holding.body = media_type, body


def note(
    connection: ASGIConnection[Any, Any, Any, Any],
    evidence: Evidence,
    ask: Ask,
    decision: Decision,
    *,
    shown: str | None,
    kind: Kind,
    cost: int,
) -> None:
    """Tell whoever would hold the answer what was decided; of handlers that say how long theirs lasts."""
    holding, lasting = connection.scope.get(HOLDING), connection.route_handler.opt.get(HELD)
    if isinstance(holding, Holding) and isinstance(lasting, Lasting) and decision.granted is not None:
        token = None if shown is None else secrets.hash_token(shown)
        holding.judged = Judged(
            evidence=evidence, ask=ask, decision=decision, lasting=lasting, kind=kind, shown=token, cost=cost
        )
