"""The matrix of an account as v1 says it: rules as they are sent, and as they are answered."""

from datetime import datetime
from typing import Annotated, Final, Self

from msgspec import Meta, Struct, json

from opencabinet import access
from opencabinet.access import Address, Function, Hidden, Level, Network, Policy, Redaction, Rule, Ruling
from opencabinet.access.rules.checking import (
    LONGEST_DELAY,
    LONGEST_NOTE,
    LONGEST_SYMBOL,
    MOST_NETWORKS,
    MOST_SYMBOLS,
)
from opencabinet.doors.v1.answers import digest
from opencabinet.doors.v1.words import Time, time_or_none

LONGEST_MASK: Final = 100
Mask = Annotated[
    str,
    Meta(
        max_length=LONGEST_MASK,
        description="An address, with a prefix or a dotted mask, a wildcard, or a range; answered as prefixes.",
        examples=["203.0.113.0/255.255.255.0"],
    ),
]


class LeftOut(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the open level leaves out of every answer.

    `hide`: comments, volumes, or money (percents are shown). `delay_minutes`: what is newer. `closed_only`: open trades
    and orders. `without_symbols`: trades of these symbols, in any letter case.
    """

    hide: Annotated[list[Hidden], Meta(max_length=len(Hidden))] = []
    delay_minutes: Annotated[int, Meta(ge=0, le=LONGEST_DELAY)] = 0
    closed_only: bool = False
    without_symbols: Annotated[
        list[Annotated[str, Meta(min_length=1, max_length=LONGEST_SYMBOL)]], Meta(max_length=MOST_SYMBOLS)
    ] = []

    @classmethod
    def of(cls, given: Redaction) -> Self:
        """Say what is left out."""
        return cls(
            hide=sorted(given.hide),
            delay_minutes=given.delay_minutes,
            closed_only=given.closed_only,
            without_symbols=sorted(given.without_symbols),
        )

    @property
    def redaction(self) -> Redaction:
        """What is left out, as the judge takes it."""
        return Redaction(
            hide=frozenset(self.hide),
            delay_minutes=self.delay_minutes,
            closed_only=self.closed_only,
            without_symbols=frozenset(self.without_symbols),
        )


class RuleDocument(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rule: its level, the addresses it goes by, when it ends, a note, and what the open level leaves out.

    A rule that has ended is as if it were not there: the default holds, and an ended default is `password`.
    """

    level: Level
    networks: Annotated[list[Mask], Meta(max_length=MOST_NETWORKS)] = []
    expires_at: Annotated[datetime, Meta(tz=True)] | None = None
    note: Annotated[str, Meta(max_length=LONGEST_NOTE)] = ""
    left_out: LeftOut = LeftOut()

    @classmethod
    def of(cls, rule: Rule) -> Self:
        """Say a rule."""
        return cls(
            level=rule.level,
            networks=list(map(str, rule.networks)),
            expires_at=rule.expires_at,
            note=rule.note,
            left_out=LeftOut.of(rule.redaction),
        )

    @property
    def rule(self) -> Rule:
        """The rule, as the judge takes it.

        Raises:
            Malformed: for a mask that cannot be read.
        """
        listed = {network for mask in self.networks for network in access.networks(mask)}
        return Rule(
            level=self.level,
            networks=tuple(sorted(listed, key=order)),
            expires_at=self.expires_at,
            note=self.note,
            redaction=self.left_out.redaction,
        )


def order(network: Network) -> tuple[int, int, int]:
    """Return a network's place among others."""
    return network.version, int(network.network_address), network.prefixlen


class PolicyDocument(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who may read an account: a default, and rules of single functions that stand before it."""

    default: RuleDocument
    functions: dict[Function, RuleDocument] = {}

    @property
    def policy(self) -> Policy:
        """The policy, as the judge takes it.

        Raises:
            Malformed: for a mask that cannot be read.
        """
        return Policy(default=self.default.rule, rules={name: each.rule for name, each in self.functions.items()})


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
