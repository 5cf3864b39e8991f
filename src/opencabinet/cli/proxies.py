"""Looking at the start whether the settings of trusted proxies can work: what makes a doubt is said, and served."""

from collections.abc import Iterator
from ipaddress import ip_address
from typing import Final

from opencabinet import access
from opencabinet.access import Network
from opencabinet.settings import PREFIX, Settings

PROXIES: Final = f"{PREFIX}TRUSTED_PROXIES"
HEADER: Final = f"{PREFIX}FORWARDED_HEADER"
PRIVATE: Final = tuple(
    map(
        access.network,
        (
            *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "127.0.0.0/8"),
            *("fc00::/7", "fe80::/10", "::1"),
        ),
    )
)
"""Networks that no stranger has an address in, in tables of our own: Python's differ from version to version."""
LOOPBACK: Final = tuple(map(access.network, ("127.0.0.0/8", "::1")))
WIDEST: Final = {4: 8, 6: 16}
"""The shortest prefix of proxies alone, by version."""
WIDEST_PUBLIC: Final = {4: 16, 6: 48}
"""The same among strangers: 65,536 addresses, or as many networks of one customer."""


def doubts(given: Settings) -> Iterator[str]:
    """Give a sentence for everything about the trusted proxies that cannot work, or that a client could abuse."""
    if not given.proxies:
        yield from of_no_proxies(given)
        return
    yield from (of_width(network) for network in given.proxies if too_wide(network))
    if given.loopback and not any(network.overlaps(own) for network in given.proxies for own in LOOPBACK):
        yield (
            f"The server listens on this machine only, and {PROXIES} names no address of it, such as 127.0.0.1: no "
            "header will be believed."
        )
    elif only_four(given.host) and all(network.version != 4 for network in given.proxies):  # noqa: PLR2004 - a version
        yield f"The server listens on IPv4 only, and {PROXIES} names IPv6 only: no header will be believed."


def of_no_proxies(given: Settings) -> Iterator[str]:
    """Give the doubts where nobody is trusted."""
    if given.allow_http:
        yield (
            f"{PREFIX}ALLOW_HTTP says that a proxy stands in front, and {PROXIES} names none: every client will look "
            "like the proxy, and rules by address and limits on guesses see one address."
        )
    if given.forwarded_header != Settings().forwarded_header:
        yield f"{HEADER} names a header, and {PROXIES} nobody who is believed: it will not be read."


def of_width(network: Network) -> str:
    """Say that a network is wide."""
    return (
        f"{network} in {PROXIES} is so wide that clients may be in it: who is can call from any address. Name the "
        "proxies alone."
    )


def too_wide(network: Network) -> bool:
    """Whether others than proxies may well be in a network."""
    private = any(network.network_address in own and network.prefixlen >= own.prefixlen for own in PRIVATE)
    return network.prefixlen < (WIDEST if private else WIDEST_PUBLIC)[network.version]


def only_four(host: str) -> bool:
    """Whether a host to listen on is an address of IPv4."""
    try:
        return ip_address(host).version == 4  # noqa: PLR2004 - a version
    except ValueError:
        return False
