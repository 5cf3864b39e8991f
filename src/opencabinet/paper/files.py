"""Giving away a file in pieces."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Final

CHUNK: Final = 64 * 2**10


async def chunks(path: Path) -> AsyncGenerator[bytes, None]:
    """Give the content of a file, piece by piece."""
    with path.open("rb") as file:
        while part := await asyncio.to_thread(file.read, CHUNK):
            yield part
