"""What the user that reads a reporting database may do there, and should not."""

from opencabinet.ingest.feeds.metatrader import queries
from opencabinet.ingest.feeds.metatrader.reader import Reader


async def rights(reader: Reader) -> list[str]:
    """Return what the reading user may do and should not."""
    found = [str(row[0]) for row in await reader.rows(queries.GRANTS)]
    if any(queries.WRITING.match(grant.upper()) for grant in found):
        return ["The user that reads may write there, too: let it read alone."]
    return []
