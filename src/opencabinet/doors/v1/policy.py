"""The matrix of an account as v1 says it: rules as they are sent, and as they are answered."""

from datetime import datetime
from typing import Self

from msgspec import Struct, json

from opencabinet import access
from opencabinet.access import Address, Function, Level, Network, Policy, Ruling
from opencabinet.access.rules.document import RuleDocument
from opencabinet.doors.v1.answers import digest
from opencabinet.doors.v1.words import Time, time_or_none


class Row(Struct, frozen=True, kw_only=True):
    """What holds for a function now, and the row it comes from: `default`, or the function's own.

    A private function tells of the person: it always needs a credential.
    """

    function: Function
    private: bool
    decided_by: str
    level: Level

    @classmethod
    def of(cls, function: Function, ruling: Ruling) -> Self:
        """Say what holds for a function."""
        return cls(function=function, private=function.private, decided_by=ruling.row, level=ruling.rule.level)


class MaskSeen(Struct, frozen=True, kw_only=True):
    """A network that a rule lists: how many addresses it holds, as text, and whether yours is one of them."""

    row: str
    network: str
    addresses: str
    holds_yours: bool

    @classmethod
    def of(cls, row: str, network: Network, yours: Address | None) -> Self:
        """Say a network."""
        holds = yours is not None and yours in network
        return cls(row=row, network=str(network), addresses=str(network.num_addresses), holds_yours=holds)


class AccessPolicy(Struct, frozen=True, kw_only=True):
    """Who may read an account: the rules as they were set, and what they come to now.

    `warnings` say what the owner may not have thought of. `changed_at` is null if nobody ever set a rule: then the
    account is closed by its password.
    """

    login: int
    default: RuleDocument
    functions: dict[Function, RuleDocument]
    matrix: list[Row]
    masks: list[MaskSeen]
    warnings: list[str]
    changed_at: Time | None

    @classmethod
    def of(cls, login: int, policy: Policy, changed_at: datetime | None, ask: access.Ask) -> Self:
        """Say a policy to whoever asks."""
        return cls(
            login=login,
            default=RuleDocument.of(policy.default),
            functions={function: RuleDocument.of(rule) for function, rule in policy.rules.items()},
            matrix=[Row.of(function, policy.ruling(function, ask.at)) for function in Function],
            masks=masks(policy, ask.address),
            warnings=list(access.warnings(policy)),
            changed_at=time_or_none(changed_at),
        )

    @property
    def revision(self) -> str:
        """What another change makes another; who looks, and when, does not."""
        return digest(json.encode((self.default, self.functions, self.changed_at)))


def masks(policy: Policy, yours: Address | None) -> list[MaskSeen]:
    """Say every network of a policy."""
    return [MaskSeen.of(row, each, yours) for row, rule in policy.rows() for each in rule.networks]
