"""Whether rows can be found without reading all of them: a question that cannot be answered so is not asked."""

from typing import Final

from opencabinet.ingest.feeds.metatrader import queries
from opencabinet.ingest.feeds.metatrader.model import SourceUnfit
from opencabinet.ingest.feeds.metatrader.plan import Plan
from opencabinet.ingest.feeds.metatrader.reader import Reader

BIG: Final = 100_000
WHOLE: Final = frozenset({"ALL", "index"})
TYPE, ROWS = 3, 8
"""Where the answer to EXPLAIN says how a table is read, and how many rows of it."""


async def refuse_scans(reader: Reader, plan: Plan) -> None:
    """Refuse to ask for what would make the database read the whole of a big table again and again.

    Raises:
        SourceUnfit: naming the table and what an index is missing on.
    """
    for source in plan.sources:
        if source.stamp is None:
            by, question = source.key.name, queries.page(source.table, source.row, source.key, queries.LARGEST, 1)
        else:
            by = source.stamp.name
            after = (await newest(reader, queries.largest(source.table, source.stamp)), 0)
            question = queries.window(source.table, source.row, source.stamp, source.key, after, 1, source.where)
        await refuse_scan(reader, question, source.table.name, by)
    for standing in plan.standing:
        if standing.where:
            question = queries.whole(standing.table, standing.row, standing.where)
            await refuse_scan(reader, question, standing.table.name, "CLOSE_TIME")


async def newest(reader: Reader, question: str) -> int:
    """Return the largest stamp, 0 for none."""
    return int((await reader.rows(question))[0][0] or 0)


async def refuse_scan(reader: Reader, question: str, table: str, by: str) -> None:
    """Refuse one question that would read the whole of a big table."""
    for row in await reader.rows(queries.explained(question)):
        cells = [*row]
        kind, rows = (cells[3], cells[8]) if len(cells) == 10 else (cells[4], cells[9])  # noqa: PLR2004 - MySQL tells more
        if kind in WHOLE and int(rows or 0) > BIG:
            raise SourceUnfit(
                f"{table} has {rows} rows and no index that finds them by {by}, so each look would read all: add one."
            )
