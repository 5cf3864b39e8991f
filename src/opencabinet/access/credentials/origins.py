"""Origins of pages, in the one spelling that browsers send."""

import re
from typing import Final

from opencabinet.kernel.problem import Malformed

LONGEST: Final = 255
LARGEST_PORT: Final = 65535
LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
ORIGIN: Final = re.compile(rf"(https?)://({LABEL}(?:\.{LABEL})*)(?::([1-9][0-9]{{0,4}}))?", re.ASCII)
USUAL_PORTS: Final = {"https": "443", "http": "80"}
HERE: Final = frozenset({"localhost", "127.0.0.1"})


class BadOrigin(Malformed):
    """This is no origin: give https://host or https://host:port, as the browser's address bar begins."""


def origin(text: str) -> str:
    """Return an origin as browsers send it: in lower case, without the usual port.

    Raises:
        BadOrigin: for anything else, for a wildcard or a path, and for http on any host but this machine.
    """
    found = ORIGIN.fullmatch(text.strip().lower()) if len(text) <= LONGEST and text.isascii() else None
    if not found:
        raise BadOrigin
    scheme, host, port = found.groups()
    if scheme == "http" and host not in HERE:
        raise BadOrigin("Pages that are not shown over https take no key, but for those of this machine (localhost).")
    if port and int(port) > LARGEST_PORT:
        raise BadOrigin
    return f"{scheme}://{host}" + (f":{port}" if port and port != USUAL_PORTS[scheme] else "")
