"""What the worker does for onboarding: it forgets what was said by those whose account was not opened."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from opencabinet.db import Connection
from opencabinet.onboarding import store

AT_ONCE: Final = 5_000
PAUSE_SECONDS: Final = 0.1
"""Between two portions others get a turn."""


def forgetting(days: int, at_once: int = AT_ONCE) -> Callable[[Connection], Awaitable[int]]:
    """Return the job that forgets applications after so many days, portion by portion, and says how many.

    Of those that were opened what the account knows of the person is forgotten.
    """

    async def forget_old_applications(conn: Connection) -> int:
        total = 0
        for forget in (store.forget, store.empty):
            while gone := await forget(conn, days, at_once):
                total += gone
                await asyncio.sleep(PAUSE_SECONDS)
        return total

    return forget_old_applications
