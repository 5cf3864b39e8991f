"""Doing several things at once."""

import asyncio
from collections.abc import Coroutine


async def together(*each: Coroutine[object, object, None]) -> None:
    """Do all; what fails first ends the others, and is raised as it would be by itself."""
    tasks = [asyncio.ensure_future(it) for it in each]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
