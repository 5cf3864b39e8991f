"""The watch over those who listen: it judges them again, lets their hearts beat, and ends what lasts too long."""

import asyncio
import time
from typing import Final

import structlog
from psycopg import Error

from opencabinet import access
from opencabinet.db import Pool
from opencabinet.doors.stream.listener import Ended, Listener
from opencabinet.kernel.beside import Beside
from opencabinet.kernel.problem import Overloaded

LOOK_SECONDS: Final = 0.5
JUDGE_SECONDS: Final = 5.0
BLIND_SECONDS: Final = 30.0
"""After so long without a judgement, a stream ends: what cannot be judged is not told."""
BEAT_SECONDS: Final = 12.0
STALL_SECONDS: Final = 30.0
START_SECONDS: Final = 30.0
LONGEST_SECONDS: Final = 12 * 3600.0
AT_ONCE: Final = 100
log = structlog.get_logger(__name__)


class Watch(Beside):
    """Watches over the listeners of a process."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self.listeners: set[Listener] = set()

    async def _live(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                await self._look_around()
            except Exception:  # whatever it was: nobody may go on unwatched
                log.exception("the watch over streams failed")

    async def _look_around(self) -> None:
        """See to every listener, and judge again those whose turn it is."""
        now = time.monotonic()
        due = [each for each in self.listeners if self._look(each, now)]
        for first in range(0, len(due), AT_ONCE):
            await self._judge(due[first : first + AT_ONCE])
            await asyncio.sleep(0)

    @staticmethod
    def _look(listener: Listener, now: float) -> bool:
        """See to a listener, and say whether it is to be judged again."""
        if now - listener.born > LONGEST_SECONDS or (not listener.started and now - listener.born > START_SECONDS):
            listener.end(Ended.OLD)
        if now - listener.judged_at > BLIND_SECONDS:
            listener.end(Ended.LOST)
        if listener.sending_since is not None and now - listener.sending_since > STALL_SECONDS:
            listener.cut()
        if now - listener.told_at > BEAT_SECONDS:
            listener.wake()
        return listener.ended is None and (listener.suspect or now - listener.judged_at > JUDGE_SECONDS)

    async def _judge(self, listeners: list[Listener]) -> None:
        """Judge some again, all in one statement; who is refused now is told nothing more."""
        try:
            async with self.pool.lend() as conn:
                decisions = await access.permit_held(conn, [each.held for each in listeners])
        except (Overloaded, Error) as failure:
            log.warning("those who listen are not judged", listeners=len(listeners), reason=type(failure).__name__)
            return
        now = time.monotonic()
        for listener, decision in zip(listeners, decisions, strict=True):
            listener.judged_at, listener.suspect = now, False
            if decision.granted is None:
                log.info("stream ended", login=listener.held.ask.login, rule=decision.rule)
                listener.refuse()
