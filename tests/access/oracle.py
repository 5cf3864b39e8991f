"""The rules of access written a second time, plainly, as a stranger would after reading the documentation."""

from datetime import timedelta
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Any

PARTNERS = {"commissions", "referrals", "clicks", "promotion", "payouts"}
NEVER_OPEN = {"statement", "authorizations", "person", "access", "changes", "webhooks"}
NEVER_OPEN |= {"referrals", "promotion", "payouts"}
CANNOT = {
    "delay": {"bonuses", "commissions"},
    "open trades": {"open_trades", "orders"},
    "symbols": {"balance", "bonuses", "statistics", "commissions"},
}
"""What is refused to strangers where something is left out that it cannot be told without."""
STRANGER, NOT_THERE, FORBIDDEN, UNPROVED = "nothing shown", "other account", "rule", "proof"
BAD = "credential"


def within(address: IPv4Address | IPv6Address | None, networks: Any) -> bool:
    """Whether an address lies in one of some networks, by its bits."""
    if address is None:
        return False
    return any(same_bits(address, network) for network in networks)


def same_bits(address: IPv4Address | IPv6Address, network: IPv4Network | IPv6Network) -> bool:
    """Whether the first bits of an address are those of a network."""
    host = network.max_prefixlen - network.prefixlen
    return address.version == network.version and int(address) >> host == int(network.network_address) >> host


def level_of(policy: Any, function: str, at: Any) -> tuple[str, Any, Any]:
    """Return the level that holds for a function, the addresses, and what is left out."""
    for rule in (policy.rules.get(function), policy.default):
        if rule is not None and (rule.expires_at is None or rule.expires_at > at):
            break
    else:
        return "password", (), None
    level = str(rule.level)
    if function in NEVER_OPEN:
        level = {"open": "password", "address": "both"}.get(level, level)
    if function == "access" and level == "off" and rule is policy.default:
        return "password", (), None
    return level, rule.networks, rule.redaction


def credential(grant: Any, ask: Any) -> str | None:
    """Return why what is shown is good for nothing here, if it is."""
    bearer = grant.bearer
    if bearer is None:
        return BAD if grant.shown else None
    if bearer.login != ask.login:
        return NOT_THERE
    if not good_for(bearer, str(ask.function), ask, key=str(bearer.kind) == "publishable"):
        return FORBIDDEN
    return UNPROVED if ask.fresh and not proved(bearer, ask.at) else None


def expected(grant: Any, policy: Any, ask: Any) -> tuple[bool, str | None, Any]:
    """Return whether the caller gets it, why not, and what is left out for them."""
    function, bearer = str(ask.function), grant.bearer
    key = bearer is not None and str(bearer.kind) == "publishable"
    if why := credential(grant, ask):
        return False, why, None
    if bearer is not None and str(bearer.kind) == "session":
        return True, None, None  # the rules are for others: whoever is signed in sees their own
    level, networks, left_out = level_of(policy, function, ask.at)
    listed = within(ask.address, networks)
    own = bearer is not None and not key
    granted = {
        "open": own or tellable(function, left_out),
        "password": own,
        "address": listed and not key,
        "both": own and listed,
        "off": False,
    }[level]
    if not granted:
        return False, FORBIDDEN if grant.shown else STRANGER, None
    return True, None, left_out if level == "open" and not own else None


def tellable(function: str, left_out: Any) -> bool:
    """Whether a function can be told to strangers without what is left out."""
    if left_out is None:
        return True
    given = {
        "delay": left_out.delay_minutes > 0,
        "open trades": left_out.closed_only,
        "symbols": bool(left_out.without_symbols),
    }
    return not any(given[part] and function in functions for part, functions in CANNOT.items())


def good_for(bearer: Any, function: str, ask: Any, *, key: bool) -> bool:
    """Whether a credential of the account opens a function from where it is shown."""
    family = "partner" if function in PARTNERS else "client"
    fits = str(bearer.family) == family and (bearer.functions is None or function in map(str, bearer.functions))
    here = not bearer.networks or within(ask.address, bearer.networks)
    bound = key or bool(bearer.origins)  # a key is on pages; what a ticket was exchanged for is good on some
    return fits and here and (not bound or ask.origin in bearer.origins)


def proved(bearer: Any, at: Any) -> bool:
    """Whether a password was shown for a credential in the last five minutes."""
    return bearer.proved_at is not None and at - bearer.proved_at <= timedelta(minutes=5)
