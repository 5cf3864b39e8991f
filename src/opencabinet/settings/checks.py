"""What settings must hold that their types cannot say."""

from typing import Final

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from opencabinet import access
from opencabinet.access import Network
from opencabinet.kernel.problem import Malformed

PREFIX: Final = "OPENCABINET_"
MOST_PROXIES: Final = 200
LONGEST: Final = 60
LARGEST_PORT: Final = 65_535
BAD_URL: Final = (
    f"{PREFIX}DATABASE_URL is malformed. Is it postgresql://user:password@host:port/database, with percent-encoding "
    "for whatever is special in the password (@ is %40, / is %2F)?"
)


class BadSettings(Malformed):
    """A setting is unknown or malformed."""


def database(url: str) -> None:
    """See that a URL is read as it was meant: a password that is not escaped would be taken for a host, and be told.

    Raises:
        BadSettings: in words of ours, for libpq's hold parts of the URL.
    """
    try:
        found = conninfo_to_dict(url)
    except ProgrammingError:
        raise BadSettings(BAD_URL) from None
    places = f"{found.get('host', '')}{found.get('dbname', '')}"
    if "@" in places or not set(str(found.get("port", ""))) <= set("0123456789,"):
        raise BadSettings(BAD_URL)


def port(address: str) -> None:
    """See that an address ends with a port.

    Raises:
        BadSettings: if its number is no port's.
    """
    if int(address.rpartition(":")[2] or 0) > LARGEST_PORT:
        raise BadSettings(f"A setting is malformed: a port is at most {LARGEST_PORT} - at `metrics`.")


def networks(text: str, setting: str = "trusted_proxies") -> tuple[Network, ...]:
    """Return the networks that stand in a setting with commas between them, none for an empty one.

    Raises:
        BadSettings: in one line, for the first that is none, or for too many.
    """
    given = text.split(",") if text.strip() else []
    if len(given) > MOST_PROXIES:
        raise BadSettings(f"A setting is malformed: more than {MOST_PROXIES} networks - at `{setting}`.")
    return tuple(network(each, setting) for each in given)


def network(text: str, setting: str) -> Network:
    """Return one network of a setting."""
    try:
        return access.network(text)
    except Malformed as wrong:
        raise BadSettings(
            f"A setting is malformed: {text.strip()[:LONGEST]!r} is no network - at `{setting}`. Give "
            "addresses (192.0.2.1) and networks (10.0.0.0/8, 2001:db8::/48) narrower than everything."
        ) from wrong
