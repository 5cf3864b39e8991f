"""Doing several things at once, and ending them."""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Final

PATIENCE_SECONDS: Final = 10
"""Longer than a driver waits for what it has cancelled."""


async def together(*each: Coroutine[object, object, None]) -> None:
    """Do all; what fails first ends the others, and is raised as it would be by itself."""
    tasks = [asyncio.ensure_future(it) for it in each]
    try:
        await asyncio.gather(*tasks)
    finally:
        await end(tasks)


async def end(tasks: Sequence[asyncio.Task[None]]) -> None:
    """End tasks: each is told once, for it may have to clean up, and again if it has not heard."""
    for task in tasks:
        if not task.cancelling():
            task.cancel()
    left = set(tasks)
    while left:
        _, left = await asyncio.wait(left, timeout=PATIENCE_SECONDS)
        for task in left:
            task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def heed() -> None:
    """End what was cancelled and has not heard it: before Python 3.12 `wait_for`, which drivers use, may lose that."""
    if (task := asyncio.current_task()) and task.cancelling():
        raise asyncio.CancelledError
