"""The check that every peer makes before it answers: the same as ours, of credentials and of the account's rules."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of an account: for one function, or the default."""

    function: str
    level: str
    networks: Sequence[Network] = ()


def digest(token: str) -> bytes:
    """Return what a token is stored as."""
    return sha256(token.encode()).digest()


def holds(expires_at: datetime | None, now: datetime) -> bool:
    """Whether what ends at a moment, if ever, has not ended."""
    return expires_at is None or now < expires_at


def allowed(login: int, owner: int | None, rules: Iterable[Rule], address: Address, *, shown: bool) -> bool:
    """Whether a caller may read an account: `owner` is whose token it showed, if it is a good one."""
    if shown and owner != login:
        return False
    rule = min(rules, key=lambda each: each.function == "default", default=None)
    level = rule.level if rule else "password"
    listed = rule is not None and any(address in network for network in rule.networks)
    return {
        "open": True,
        "password": shown,
        "address": listed,
        "both": shown and listed,
    }.get(level, False)
