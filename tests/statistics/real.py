"""The real statements, and what they print."""

from decimal import Decimal
from typing import Any

import msgspec

from opencabinet import ingest
from opencabinet.db import Connection
from opencabinet.kernel.ids import Granted, Login
from opencabinet.statistics.printed import nearest
from tests import make, needs

LIST = needs.DATA / "expected.json"
EXPECTED: dict[str, Any] = msgspec.json.decode(LIST.read_bytes()) if LIST.exists() else {}
NAMELESS = Login(555)


async def load(conn: Connection, name: str) -> Granted:
    """Load a real file, and return the login it has."""
    login = NAMELESS if "tester" in name or "signal" in name else None
    done = await ingest.load(
        conn, needs.statement(name), server="Server", rule="NewYork+7", login=login, now=make.LATER
    )
    return Granted(done.login)


def printed(name: str) -> dict[str, tuple[str, ...]]:
    """Return what a file prints of its trades, each figure with its one or two numbers."""
    values = EXPECTED[name].get("values", {})
    figures = values.get("details") or values.get("results") or {}
    return {figure: tuple(value.values()) if isinstance(value, dict) else (value,) for figure, value in figures.items()}


def same(ours: Decimal, theirs: str, *, workbook: bool) -> bool:
    """Whether a figure is what is printed, to the last digit; workbooks leave zeros away, a length is in seconds."""
    if ":" in theirs:
        hours, minutes, seconds = map(int, theirs.split(":"))
        return ours == 3600 * hours + 60 * minutes + seconds
    return ours == nearest(Decimal(theirs), 6) if workbook else str(ours) == theirs
