"""The rules of access: what is asked, who asks, what the account allows, and the judgement."""

from datetime import timedelta
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Literal
from uuid import UUID

from msgspec import Struct

from opencabinet.kernel.ids import Granted, Login
from opencabinet.kernel.problem import Refused

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


class Ground(StrEnum):
    """Why a question was refused, as far as the caller may know it."""

    CREDENTIAL = "credential"
    """A credential was shown, and it is good for nothing."""
    NOTHING_SHOWN = "nothing shown"
    """No credential was shown, and the account is not open for this, or is not there."""
    OTHER_ACCOUNT = "other account"
    """The credential is good, but for another account."""
    RULE = "rule"
    """The account is the caller's own, and a rule of it says no."""


class AccessDenied(Refused):
    """Access denied."""

    def __init__(self, detail: str | None = None, ground: Ground = Ground.CREDENTIAL) -> None:
        super().__init__(detail)
        self.ground = ground
        self.told: Refusal | None = None
        """What the history is told, where it is more than the caller may know."""


class Refusal(Struct, frozen=True):
    """Why a request for a token was refused, and whose it was; None where that is not known."""

    rule: str
    login: int | None = None
    family: str = ""


class Family(StrEnum):
    """What a token opens; it opens the family it was asked for and no other."""

    CLIENT = "client"
    PARTNER = "partner"
    MOBILE = "mobile"


class Kind(StrEnum):
    """Where a token is shown; kinds never interchange."""

    LEGACY = "legacy"
    BEARER = "bearer"
    REFRESH = "refresh"


class Function(StrEnum):
    """What can be asked of an account; the owner's rules speak of these."""

    SUMMARY = "summary"
    BALANCE = "balance"
    OPEN_TRADES = "open_trades"
    CLOSED_TRADES = "closed_trades"
    ORDERS = "orders"
    CLOSED_LOTS = "closed_lots"
    MOVEMENTS = "movements"
    BONUSES = "bonuses"
    STATISTICS = "statistics"
    STATEMENT = "statement"
    AUTHORIZATIONS = "authorizations"
    PERSON = "person"
    COMMISSIONS = "commissions"

    @property
    def private(self) -> bool:
        """Whether this tells of the person, not of the trading, and is therefore never open to everybody."""
        return self in {Function.STATEMENT, Function.AUTHORIZATIONS, Function.PERSON}

    @property
    def family(self) -> Family:
        """Which tokens open this."""
        return Family.PARTNER if self is Function.COMMISSIONS else Family.CLIENT


class Public(StrEnum):
    """A need that everybody meets, because no account is read."""

    PUBLIC = "public"


Need = Function | Public


class Level(StrEnum):
    """Open: no credentials. Closed: a token, from the listed addresses if any are listed."""

    OPEN = "open"
    CLOSED = "closed"


class Ask(Struct, frozen=True, kw_only=True):
    """A question: which function of which account, and from where; None where the address is not known."""

    login: Login
    function: Function
    address: Address | None


class Bearer(Struct, frozen=True):
    """Whose token was shown, and which family it opens."""

    login: Login
    family: Family


Channel = Literal["legacy", "peanut", "v1", "cabinet", "cli", "server"]
"""The ways on which something is asked or changed."""


class Source(Struct, frozen=True, kw_only=True):
    """Where a request or a change came from, for the history. `derived_from` says where its address is known from."""

    channel: Channel = "legacy"
    address: Address | None = None
    derived_from: str = "socket"
    user_agent: str = ""
    request_id: str = ""


class Refreshing(Struct, frozen=True):
    """What a refresh token continues; one that is used and shown again is a sign that somebody else has it, too."""

    login: Login
    family: Family
    session: UUID
    used: bool
    live: bool


class Session(Struct, frozen=True, kw_only=True):
    """Tokens of the v1 API, and whose they are."""

    login: Login
    family: Family
    bearer: str
    refresh: str

    def __repr__(self) -> str:
        return "Session(***)"


class Lifetimes(Struct, frozen=True):
    """How long the tokens of a session live."""

    bearer: timedelta = timedelta(minutes=15)
    refresh: timedelta = timedelta(hours=24)


class Grant(Struct, frozen=True):
    """What the caller showed: nothing, a credential that is good for nothing, or a bearer."""

    shown: bool
    bearer: Bearer | None = None


class Policy(Struct, frozen=True):
    """Who may read an account. An account without a policy is closed."""

    level: Level = Level.CLOSED
    networks: tuple[Network, ...] = ()


class Decision(Struct, frozen=True):
    """The judgement, and the rule that decided. `granted` is None when the answer is no, for `ground`.

    `anybody` tells that everybody would have been given the same answer.
    """

    granted: Granted | None
    rule: str
    ground: Ground | None = None
    anybody: bool = False


def judge(grant: Grant, policy: Policy, ask: Ask) -> Decision:
    """Decide whether `grant` lets the caller have what it asks under `policy`, and name the rule."""
    if grant.shown and (refusal := refusal_of_credential(grant, ask)):
        return refusal
    if policy.level is Level.OPEN and not ask.function.private:
        return Decision(Granted(ask.login), "the account is open", anybody=True)
    if not grant.shown:
        what = f"{ask.function} is never open" if ask.function.private else "the account is closed"
        return Decision(None, f"{what}, and no credential was shown", Ground.NOTHING_SHOWN)
    return judge_address(policy, ask)


def refusal_of_credential(grant: Grant, ask: Ask) -> Decision | None:
    """Refuse the credential shown, or return None; a bad one is refused where the account is open, too."""
    if grant.bearer is None:
        return Decision(None, "the token is unknown, expired or revoked", Ground.CREDENTIAL)
    if grant.bearer.login != ask.login:
        return Decision(None, "the token belongs to another account", Ground.OTHER_ACCOUNT)
    if grant.bearer.family is not ask.function.family:
        return Decision(None, f"a {grant.bearer.family} token does not open {ask.function}", Ground.RULE)
    return None


def judge_address(policy: Policy, ask: Ask) -> Decision:
    """Decide by the caller's address, once the credential is right."""
    if not policy.networks:
        return Decision(Granted(ask.login), "the token is the account's own")
    if ask.address is None:
        return Decision(None, "the address is not known", Ground.RULE)
    if any(ask.address in network for network in policy.networks):
        return Decision(Granted(ask.login), "the token is the account's own, and the address is listed")
    return Decision(None, f"{ask.address} is outside the listed addresses", Ground.RULE)
