"""How often banners are shown: counted beside the requests, and written down each second by one statement."""

from collections import Counter
from datetime import UTC, date, datetime
from typing import Final

import structlog
from psycopg import Error

from opencabinet.content.pictures import store
from opencabinet.db import Pool
from opencabinet.kernel.beside import Noted
from opencabinet.kernel.problem import Overloaded

WRITE_SECONDS: Final = 1.0
MOST: Final = 20_000
"""Codes with their banners that are told apart between two writings; of more nothing is counted until the next."""
log = structlog.get_logger(__name__)


class Impressions(Noted):
    """What one process counts of banners that are shown. No answer waits for it; a kill loses a second of it at most.

    What was sent to the database and not confirmed is not sent again: rather some is lost than counted twice.
    """

    def __init__(self, pool: Pool) -> None:
        super().__init__(WRITE_SECONDS)
        self._pool = pool
        self._counted: Counter[tuple[str, date, int]] = Counter()
        self._lost = 0

    def note(self, code: str, banner: int) -> None:
        """Count that a banner is shown now by a code, in upper case, whosever it is."""
        key = code, datetime.now(UTC).date(), banner
        if key in self._counted or len(self._counted) < MOST:
            self._counted[key] += 1
        else:
            self._lost += 1

    async def write(self) -> None:
        """Write down what was counted."""
        counted, self._counted = self._counted, Counter()
        lost, self._lost = self._lost, 0
        sent = False
        try:
            if counted:
                async with self._pool.lend() as conn:
                    sent = True
                    await store.count_shown(conn, [(*key, times) for key, times in counted.items()])
        except (Overloaded, Error) as failure:
            if not sent:
                self._keep(counted)
            lost += counted.total() if sent else 0
            log.warning("impressions wait for the database", reason=type(failure).__name__)
        if lost:
            log.warning("impressions are lost", impressions=lost)

    def _keep(self, counted: Counter[tuple[str, date, int]]) -> None:
        """Have what was not sent written down with the next."""
        for key, times in counted.items():
            if key in self._counted or len(self._counted) < MOST:
                self._counted[key] += times
            else:
                self._lost += times
