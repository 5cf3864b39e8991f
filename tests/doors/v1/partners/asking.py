"""How partners ask."""

from opencabinet import access

SOURCE = access.Source(channel="v1")


def of(login: int, rest: str = "") -> str:
    """Return where something of a partner is asked for."""
    return f"/v1/partners/{login}" + (f"/{rest}" if rest else "")
