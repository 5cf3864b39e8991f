"""A document as PDF, set by typst in a process of its own that may not take more than it is given.

What the document says reaches the template as data, so nothing in it can be markup.
"""

import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path
from typing import Any, Final

import msgspec

from opencabinet.kernel.problem import Overloaded
from opencabinet.paper.files import chunks
from opencabinet.paper.model import Document, Fact, Table, TooManyRows, shown

MOST_PRINTED: Final = 5_000
"""The rows of all tables together: some 120 pages, for which typst takes four seconds and 700 MB."""

LONGEST_SECONDS: Final = 60
SETTER: Final = (sys.executable, "-P", "-W", "ignore", str(Path(__file__).with_name("typesetter.py")))


async def pdf(document: Document) -> AsyncGenerator[bytes, None]:
    """Give a document on A4 pages, once it is whole.

    Raises:
        TooManyRows: if there are more rows than can be printed.
        Overloaded: if it takes too long.
    """
    rows = sum(table.count for table in document.tables)
    if rows > MOST_PRINTED:
        raise TooManyRows(
            f"There are {rows:,} rows, and {MOST_PRINTED:,} can be printed: "
            "ask for a shorter period, or for another form."
        )
    with tempfile.TemporaryDirectory(prefix="opencabinet-") as name:
        folder = Path(name)
        told = await spelled(document)
        (folder / "document.json").write_bytes(msgspec.json.encode(told))
        await typeset(folder, int(document.made_at.timestamp()))
        async with aclosing(chunks(folder / "document.pdf")) as parts:
            async for part in parts:
                yield part


async def spelled(document: Document) -> dict[str, Any]:
    """Return a document in words for the template: only the columns that fit on paper."""
    return {
        "title": document.title,
        "issuer": document.issuer,
        "subject": document.subject,
        "head": [spelled_fact(fact) for fact in document.head],
        "blocks": [{"title": title, "facts": [*map(spelled_fact, facts)]} for title, facts in document.blocks],
        "notes": document.notes,
        "foot": document.foot,
        "tables": [await spelled_table(table) for table in document.tables],
    }


def spelled_fact(fact: Fact) -> dict[str, Any]:
    """Return a fact in words."""
    return {"label": fact.label, "value": shown(fact.value) or "–", "strong": fact.strong}


async def spelled_table(table: Table) -> dict[str, Any]:
    """Return a table in words."""
    places = [place for place, column in enumerate(table.columns) if column.essential]
    columns = [table.columns[place] for place in places]
    rows: list[list[str]] = []
    async with aclosing(table.batches) as batches:
        async for batch in batches:
            rows += [[shown(row[place]) for place in places] for row in batch]
    return {
        "title": table.title,
        "count": table.count,
        "empty": table.empty,
        "columns": [{"title": it.title, "share": it.share, "right": it.kind == "figure"} for it in columns],
        "rows": rows,
        "sums": [shown(table.sums[place]) for place in places] if table.sums else [],
    }


async def typeset(folder: Path, timestamp: int) -> None:
    """Set `document.json` in a folder into `document.pdf`; the process ends with us, or when its time is over."""
    process = await asyncio.create_subprocess_exec(
        *SETTER,
        str(folder),
        str(timestamp),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        env=os.environ | {"RAYON_NUM_THREADS": "2"},  # each thread reserves memory
    )
    try:
        async with asyncio.timeout(LONGEST_SECONDS):
            code = await process.wait()
    except TimeoutError as late:
        raise Overloaded("It takes too long to print: ask for a shorter period, or for another form.") from late
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if code:
        raise Overloaded("It could not be printed: ask for a shorter period, or for another form.")
