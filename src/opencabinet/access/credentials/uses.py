"""When credentials were last used: noted beside the requests, to the minute, and written many at once."""

from datetime import UTC, datetime
from typing import Final

import structlog
from psycopg import Error

from opencabinet.access import secrets
from opencabinet.access.credentials import store
from opencabinet.access.feeding import store as feeding
from opencabinet.db import Pool
from opencabinet.kernel.beside import Noted
from opencabinet.kernel.problem import Overloaded

WRITE_SECONDS: Final = 30.0
MOST: Final = 10_000
"""Credentials whose use is noted between two writings; of more nothing is noted until the next."""
log = structlog.get_logger(__name__)


class Uses(Noted):
    """What one process notes of the credentials it sees. No answer waits for it, and what is lost does no harm."""

    def __init__(self, pool: Pool) -> None:
        super().__init__(WRITE_SECONDS)
        self._pool = pool
        self._noted: dict[bytes, datetime] = {}

    def note(self, shown: str) -> None:
        """Note that a credential is used now."""
        self.note_hash(secrets.hash_token(shown))

    def note_hash(self, key: bytes) -> None:
        """Note that the credential with this hash is used now."""
        if key in self._noted or len(self._noted) < MOST:
            self._noted[key] = datetime.now(UTC).replace(second=0, microsecond=0)

    async def write(self) -> None:
        """Write what was noted."""
        noted, self._noted = self._noted, {}
        if not noted:
            return
        try:
            async with self._pool.lend() as conn:
                await store.used(conn, noted)
                await feeding.used(conn, noted)
        except (Overloaded, Error) as failure:
            log.warning("uses of credentials are not written", credentials=len(noted), reason=type(failure).__name__)
