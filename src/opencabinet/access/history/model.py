"""What the history of authorizations tells, and how it is bounded."""

import hashlib
from datetime import datetime
from typing import Any, Final

import msgspec
from msgspec import Struct

from opencabinet.access.model import Address, Source
from opencabinet.kernel.ids import LARGEST, Login
from opencabinet.kernel.page import Key

NOBODY: Final = Login(-1)
"""Whom requests are told of that cannot be of any account."""
BEYOND: Final = Login(-1025)
"""Whom refusals are told of that were too many to tell apart; accounts that are not there share -1 to -1024."""
OPERATOR: Final = Source(channel="cli", derived_from="none")
"""Where a change comes from that is made on the command line."""
LONGEST_RULE: Final = 300
LONGEST_VALUE: Final = 2000
"""Letters of a value in a change's detail; of a longer one its hash is told."""


class Authorization(Struct, frozen=True, kw_only=True):
    """A first use, a refusal, a change, or a request for a token, decided by `rule`.

    Equal refusals of a minute are one: `times` says how many, `at` and `last_at` when the first and the last came.
    `function` is what was asked of the account, and `detail` what a change changed.
    """

    login: Login
    id: int
    at: datetime
    channel: str
    action: str
    family: str
    function: str
    address: Address | None
    derived_from: str
    user_agent: str
    granted: bool
    rule: str
    detail: dict[str, Any]
    request_id: str
    times: int
    last_at: datetime

    def key(self) -> Key:
        """Return its place in the history."""
        return Key(self.at, self.id)


class Fact(Struct, frozen=True, kw_only=True):
    """Something to tell of: who asked for what, from where, and the rule that decided."""

    login: Login
    source: Source
    action: str
    rule: str
    family: str = ""
    function: str = ""

    @property
    def spoken(self) -> str:
        """Return the rule without the address, so that refusals of neighbours are equal."""
        rule = self.rule.replace(str(self.source.address), "the address") if self.source.address else self.rule
        return rule[:LONGEST_RULE]

    def columns(self) -> dict[str, Any]:
        """Return it as the statements take it."""
        return {
            "login": self.login,
            "channel": self.source.channel,
            "action": self.action,
            "family": self.family,
            "function": self.function,
            "address": None if self.source.address is None else str(self.source.address),
            "derived_from": self.source.derived_from,
            "user_agent": self.source.user_agent,
            "request_id": self.source.request_id,
            "rule": self.spoken,
        }


def known(login: int | None) -> Login:
    """Return a login as the history keeps it: numbers that no account can have are nobody's."""
    return Login(login) if login is not None and 0 < login <= LARGEST else NOBODY


def bounded(detail: dict[str, Any]) -> dict[str, Any]:
    """Return what a change changed, each value that is long as its hash and length."""
    return {name: short(msgspec.to_builtins(value, str_keys=True, enc_hook=str)) for name, value in detail.items()}


def fits(value: Any) -> bool:
    """Whether a value is told as it is."""
    return len(msgspec.json.encode(value)) <= LONGEST_VALUE


def short(value: Any) -> Any:
    """Return a value, or what identifies it if it is long."""
    if fits(value):
        return value
    written = msgspec.json.encode(value)
    return {"sha256": hashlib.sha256(written).hexdigest(), "bytes": len(written)}
