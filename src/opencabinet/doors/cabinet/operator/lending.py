"""The connections that operators change things with: few, and with rights that no client's request has."""

from typing import Final

from opencabinet.db import Lending, Pool

ROLE: Final = "opencabinet_operate"
AT_ONCE: Final = 2
"""So many changes of operators are under way in a process."""
SECONDS: Final = 30
"""How long a statement of one may run."""


def operating(url: str, lending: Lending) -> Pool:
    """Return the connections; what is lent of them is counted."""
    return Pool(url, role=ROLE, size=AT_ONCE, statement_seconds=SECONDS, lending=lending)
