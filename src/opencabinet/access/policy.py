"""Who may read what of an account: the owner's rules, and the one judgement over them."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Self

from msgspec import Struct

from opencabinet.access.honouring import Part, unshowable
from opencabinet.access.model import AccessDenied, Address, Ask, Bearer, Duty, Function, Grant, Ground, Kind, Network
from opencabinet.kernel.ids import Granted, Login

PROOF_LASTS: Final = timedelta(minutes=5)
"""How long after a password was shown its bearer may change who may ask."""


class Level(StrEnum):
    """What a function asks of its caller."""

    OPEN = "open"
    """Nothing."""
    PASSWORD = "password"  # noqa: S105 - the name of a level
    """A credential of the account."""
    ADDRESS = "address"
    """One of the listed addresses; no credential."""
    BOTH = "both"
    """A credential of the account, shown from one of the listed addresses."""
    OFF = "off"
    """It is given to nobody."""

    @property
    def by_address(self) -> bool:
        """Whether it goes by the listed addresses."""
        return self in {Level.ADDRESS, Level.BOTH}


STRICTER: Final = {Level.OPEN: Level.PASSWORD, Level.ADDRESS: Level.BOTH}
"""What a level means for a private function, which always needs a credential."""


class Hidden(StrEnum):
    """A kind of figure that the open level may hide."""

    COMMENTS = "comments"
    VOLUMES = "volumes"
    MONEY = "money"


class Redaction(Struct, frozen=True, kw_only=True):
    """What the open level leaves out: kinds of figures, what is newer than a delay, open trades, some symbols."""

    hide: frozenset[Hidden] = frozenset()
    delay_minutes: int = 0
    closed_only: bool = False
    without_symbols: frozenset[str] = frozenset()

    @property
    def nothing(self) -> bool:
        """Whether nothing is left out."""
        return self == WHOLE

    @property
    def parts(self) -> frozenset[Part]:
        """What is left out, of all that can be."""
        more = ((Part.DELAY, self.delay_minutes), (Part.OPEN_TRADES, self.closed_only))
        told = (*more, (Part.SYMBOLS, self.without_symbols))
        return frozenset({*(Part(kind) for kind in self.hide), *(part for part, given in told if given)})


WHOLE: Final = Redaction()


class Rule(Struct, frozen=True, kw_only=True):
    """A row of the matrix: the level, its addresses, when it ends, and what it is for."""

    level: Level = Level.PASSWORD
    networks: tuple[Network, ...] = ()
    expires_at: datetime | None = None
    note: str = ""
    redaction: Redaction = WHOLE

    def holds(self, at: datetime) -> bool:
        """Whether the rule has not ended at a moment."""
        return self.expires_at is None or at < self.expires_at

    def lists(self, address: Address | None) -> bool:
        """Whether an address is among the listed."""
        return address is not None and any(address in network for network in self.networks)


CLOSED: Final = Rule()
"""What holds where nobody said anything, or what was said has ended."""


class Ruling(Struct, frozen=True):
    """The rule that holds for a function at a moment; `row` is the row it comes from: `default`, or the function."""

    row: str
    rule: Rule

    @property
    def subject(self) -> str:
        """What the rule speaks of."""
        return "the account" if self.row == DEFAULT else self.row


DEFAULT: Final = "default"


class Policy(Struct, frozen=True, kw_only=True):
    """Who may read an account: a default, and rules of single functions that stand before it."""

    default: Rule = CLOSED
    rules: Mapping[Function, Rule] = {}

    @classmethod
    def of(cls, rows: Mapping[str, Rule]) -> Self:
        """Return the policy that rows make, each by its name."""
        own = {Function(row): rule for row, rule in rows.items() if row != DEFAULT}
        return cls(default=rows.get(DEFAULT, CLOSED), rules=own)

    def ruling(self, function: Function, at: datetime) -> Ruling:
        """Return the rule that holds. One that has ended is as if it were not there."""
        row, rule = DEFAULT, self.default if self.default.holds(at) else CLOSED
        own = self.rules.get(function)
        if own and own.holds(at):
            row, rule = str(function), own
        if function.private:
            rule = Rule(level=STRICTER.get(rule.level, rule.level), networks=rule.networks)
        if function is Function.ACCESS and row == DEFAULT and rule.level is Level.OFF:
            rule = CLOSED  # who switches everything off can switch it on again
        return Ruling(row, rule)

    def rows(self) -> Iterator[tuple[str, Rule]]:
        """Give every row by its name, the default first."""
        yield DEFAULT, self.default
        yield from ((str(function), rule) for function, rule in self.rules.items())


def opened() -> Policy:
    """Return the policy that lets everybody read."""
    return Policy(default=Rule(level=Level.OPEN))


def closed(networks: Iterable[Network] = ()) -> Policy:
    """Return the policy that asks for a credential, and for one of `networks` if any are given."""
    listed = tuple(sorted(set(networks), key=str))
    return Policy(default=Rule(level=Level.BOTH if listed else Level.PASSWORD, networks=listed))


class Decision(Struct, frozen=True):
    """The judgement, and the rule that decided. `granted` is None when the answer is no, for `ground`.

    `row` is the row of the matrix that decided; `credential` or `session` if none was looked at. `anybody` tells that
    everybody would have been given the same answer, which leaves out what `redaction` says. `bearer` is whose
    credential was shown, if it is one that lives, whatever the answer; `server` keeps the account, if it is granted.
    """

    granted: Granted | None
    rule: str
    ground: Ground | None = None
    anybody: bool = False
    redaction: Redaction = WHOLE
    row: str = "credential"
    bearer: Bearer | None = None
    server: str | None = None


def for_operator(login: Login, duties: Collection[Duty]) -> Granted:
    """Let an operator read an account, whatever its rules say to others.

    Raises:
        AccessDenied: if no role of theirs has it.
    """
    if Duty.ACCOUNTS not in duties:
        raise AccessDenied("No role of this operator reads accounts.", Ground.RULE)
    return Granted(login)


def judge(grant: Grant, policy: Policy, ask: Ask) -> Decision:
    """Decide whether `grant` lets the caller have what it asks under `policy`, and name the rule.

    The rules say what is told through APIs and on pages of others: whoever is signed in at the cabinet sees all of
    their own account there, also to open again what they closed.
    """
    if grant.shown and (refusal := refusal_of_credential(grant.bearer, ask)):
        return Decision(None, *refusal)
    if grant.bearer and grant.bearer.kind is Kind.SESSION:
        return Decision(Granted(ask.login), "the account is the person's own, who is signed in", row="session")
    ruling = policy.ruling(ask.function, ask.at)
    if refusal := refusal_by_rule(grant, ruling, ask):
        return Decision(None, *refusal, row=ruling.row)
    return grant_by_rule(grant, ruling, ask)


def refusal_of_credential(bearer: Bearer | None, ask: Ask) -> tuple[str, Ground] | None:
    """Refuse the credential shown, or return None; a bad one is refused where none is needed, too."""
    if bearer is None:
        return "the token is unknown, expired or revoked", Ground.CREDENTIAL
    if bearer.login != ask.login:
        return "the token belongs to another account", Ground.OTHER_ACCOUNT
    if bearer.family is not ask.function.family:
        return f"a {bearer.family} token does not open {ask.function}", Ground.RULE
    if bearer.functions is not None and ask.function not in bearer.functions:
        return f"the key does not open {ask.function}", Ground.RULE
    return refusal_of_bounds(bearer, ask)


def refusal_of_bounds(bearer: Bearer, ask: Ask) -> tuple[str, Ground] | None:
    """Refuse a credential of the account where or when it is not good, or return None."""
    if elsewhere := refusal_elsewhere(bearer, ask.address, ask.origin):
        return elsewhere, Ground.RULE
    if ask.fresh and not proves(bearer, ask.at):
        return "the password was shown too long ago: ask for a new token", Ground.PROOF
    return None


def proves(bearer: Bearer, at: datetime) -> bool:
    """Whether the password was shown for a credential just before a moment."""
    return bearer.proved_at is not None and at - bearer.proved_at <= PROOF_LASTS


def refusal_elsewhere(bearer: Bearer, address: Address | None, origin: str | None) -> str | None:
    """Say why a credential is not good from an address or on the pages of an origin, or return None."""
    if bearer.networks and not Rule(networks=bearer.networks).lists(address):
        return "the credential is not good from this address"
    if bearer.kind is Kind.PUBLISHABLE and origin not in bearer.origins:
        return "the key is not good on pages of this origin"
    if bearer.origins and origin not in bearer.origins:
        return "the token is not good on pages of this origin"
    return None


def refusal_by_rule(grant: Grant, ruling: Ruling, ask: Ask) -> tuple[str, Ground] | None:
    """Refuse by the rule that holds, or return None."""
    rule, known = ruling.rule, Ground.RULE if grant.shown else Ground.NOTHING_SHOWN
    if rule.level is Level.OFF:
        return f"{ruling.subject} is off", known
    if rule.level is Level.OPEN:
        return refusal_of_rest(grant, ruling, ask)
    if grant.bearer and grant.bearer.kind is Kind.PUBLISHABLE:
        return f"{ruling.subject} is closed, and the key opens only what is open", Ground.RULE
    if rule.level is not Level.ADDRESS and not grant.shown:
        what = f"{ask.function} is never open" if ask.function.private else f"{ruling.subject} is closed"
        return f"{what}, and no credential was shown", Ground.NOTHING_SHOWN
    if rule.level.by_address and not rule.lists(ask.address):
        where = "the address is not known" if ask.address is None else f"{ask.address} is outside the listed addresses"
        return where, known
    return None


def refusal_of_rest(grant: Grant, ruling: Ruling, ask: Ask) -> tuple[str, Ground] | None:
    """Refuse a stranger what cannot be told without the parts that the open level leaves out, or return None."""
    if ruling.rule.redaction.nothing or sees_all(grant):
        return None
    untold = unshowable(ask.function, ruling.rule.redaction.parts)
    if not untold:
        return None
    why = f"{ruling.subject} is open without {' and '.join(untold)}, which closes {ask.function}"
    if grant.shown:
        return f"{why}, and the key opens only what is open", Ground.RULE
    return f"{why}, and no credential was shown", Ground.NOTHING_SHOWN


def sees_all(grant: Grant) -> bool:
    """Whether what was shown is a credential of the account; a publishable key is on every page, so it is none."""
    return grant.bearer is not None and grant.bearer.kind is not Kind.PUBLISHABLE


def grant_by_rule(grant: Grant, ruling: Ruling, ask: Ask) -> Decision:
    """Grant by the rule that holds. A credential of the account sees all, where a stranger sees what is left."""
    rule, login = ruling.rule, Granted(ask.login)
    if rule.level is not Level.OPEN:
        own = "the token is the account's own" if grant.shown else ""
        listed = "the address is listed" if rule.level.by_address else ""
        return Decision(login, ", and ".join(part for part in (own, listed) if part), row=ruling.row)
    whole = sees_all(grant)
    redaction = WHOLE if whole else rule.redaction
    same = not whole or rule.redaction.nothing
    return Decision(login, f"{ruling.subject} is open", anybody=same, redaction=redaction, row=ruling.row)
