"""What the user that reads a reporting database may do there, and should not."""

import re
from typing import Final

from opencabinet.ingest.feeds.metatrader import queries
from opencabinet.ingest.feeds.metatrader.reader import Reader

WRITING: Final = re.compile(
    r"^GRANT [^`']*?\b(ALL PRIVILEGES|INSERT|UPDATE|DELETE|CREATE|DROP|ALTER|SUPER|FILE|TRIGGER)\b"
)


async def rights(reader: Reader) -> list[str]:
    """Return what the reading user may do and should not."""
    found = [str(row[0]) for row in await reader.rows(queries.GRANTS)]
    if any(WRITING.match(grant.upper()) for grant in found):
        return ["The user that reads may write there, too: give it SELECT alone."]
    return []
