"""The rules of access: what is asked, who asks, what the account allows, and the judgement."""

from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from msgspec import Struct

from opencabinet.kernel.ids import Granted, Login
from opencabinet.kernel.problem import Refused

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


class AccessDenied(Refused):
    """Access denied."""


class Family(StrEnum):
    """What a token opens; it opens the family it was asked for and no other."""

    CLIENT = "client"
    PARTNER = "partner"
    MOBILE = "mobile"


class Function(StrEnum):
    """What can be asked of an account; the owner's rules speak of these."""

    BALANCE = "balance"
    OPEN_TRADES = "open_trades"
    CLOSED_TRADES = "closed_trades"
    COMMISSIONS = "commissions"

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


class Grant(Struct, frozen=True):
    """What the caller showed: nothing, a credential that is good for nothing, or a bearer."""

    shown: bool
    bearer: Bearer | None = None


class Policy(Struct, frozen=True):
    """Who may read an account. An account without a policy is closed."""

    level: Level = Level.CLOSED
    networks: tuple[Network, ...] = ()


class Decision(Struct, frozen=True):
    """The judgement, and the rule that decided. `granted` is None when the answer is no."""

    granted: Granted | None
    rule: str


def judge(grant: Grant, policy: Policy, ask: Ask) -> Decision:
    """Decide whether `grant` lets the caller have what it asks under `policy`, and name the rule."""
    refusal = refusal_of_credential(grant, ask) if grant.shown else None
    if refusal:
        return Decision(None, refusal)
    if policy.level is Level.OPEN:
        return Decision(Granted(ask.login), "the account is open")
    if not grant.shown:
        return Decision(None, "the account is closed, and no credential was shown")
    return judge_address(policy, ask)


def refusal_of_credential(grant: Grant, ask: Ask) -> str | None:
    """Why the credential shown is refused, or None; a bad one is refused where the account is open, too."""
    if grant.bearer is None:
        return "the token is unknown, expired or revoked"
    if grant.bearer.family is not ask.function.family:
        return f"a {grant.bearer.family} token does not open {ask.function}"
    if grant.bearer.login != ask.login:
        return "the token belongs to another account"
    return None


def judge_address(policy: Policy, ask: Ask) -> Decision:
    """Decide by the caller's address, once the credential is right."""
    if not policy.networks:
        return Decision(Granted(ask.login), "the token is the account's own")
    if ask.address is None:
        return Decision(None, "the address is not known")
    if any(ask.address in network for network in policy.networks):
        return Decision(Granted(ask.login), "the token is the account's own, and the address is listed")
    return Decision(None, f"{ask.address} is outside the listed addresses")
