"""Listening to announcements on one connection, which beats, too: what was told before a beat is heard before it."""

import asyncio
import contextlib
import secrets
import time
from collections.abc import Callable
from typing import Final

import structlog
from psycopg import Error, OperationalError
from psycopg.pq import ExecStatus

from opencabinet.db.announcing.store import BEAT, listen
from opencabinet.db.connection import Connection
from opencabinet.kernel.beside import Beside

ACCOUNTS: Final = "opencabinet_accounts"
"""The channel on which logins are told, with commas between them, or `*` where all accounts may have changed."""
BEAT_SECONDS: Final = 0.4
"""Well under the second after which nothing may be told that has changed."""
SILENT_SECONDS: Final = 2.0
RETRY_SECONDS: Final = 0.25
CATCH_UP_SECONDS: Final = 1.0
NEVER: Final = float("-inf")
log = structlog.get_logger(__name__)


class Listening(Beside):
    """Hears of accounts that change. `heard_until` is the moment up to which all that was committed has been heard.

    `hear` is told each announcement, and `*` whenever some may have been missed.
    """

    def __init__(self, url: str, hear: Callable[[str], None], role: str = "opencabinet_serve") -> None:
        self.url = url
        self.hear = hear
        self.role = role
        self.heard_until = NEVER
        self._conn: Connection | None = None
        self._beat, self._name = 0, secrets.token_hex(8)
        self._sent_at, self._under_way, self._heard_at = NEVER, False, NEVER
        self._next: list[asyncio.Future[bool]] = []
        self._these: list[asyncio.Future[bool]] = []
        self._over = asyncio.Event()

    @property
    def connected(self) -> bool:
        """Whether there is a connection to hear on."""
        return self._conn is not None

    async def caught_up(self) -> bool:
        """Wait until all is heard that is committed by now; say whether it is."""
        if self._conn is None:
            return False
        waiting = asyncio.get_running_loop().create_future()
        self._next.append(waiting)
        try:
            async with asyncio.timeout(CATCH_UP_SECONDS):
                self._send()
                return bool(await waiting)
        except TimeoutError:
            return False

    async def _live(self) -> None:
        """Listen for as long as the process lives, and connect again whenever that fails."""
        missing = False
        while True:
            was_heard = self._heard_at
            try:
                conn = await Connection.open(self.url, role=self.role)
                try:
                    await self._listen(conn)
                finally:
                    await conn.close()
            except (Error, OSError, TimeoutError) as lost:
                if not missing or self._heard_at > was_heard:  # once, however long it lasts
                    log.warning("changes cannot be heard", reason=type(lost).__name__)
                missing = True
            await asyncio.sleep(RETRY_SECONDS)

    async def _listen(self, conn: Connection) -> None:
        """Hear and beat until the connection fails or is silent."""
        async with asyncio.timeout(SILENT_SECONDS):
            await listen(conn)
        loop, place = asyncio.get_running_loop(), conn.fileno()
        self.hear("*")  # what changed until now was not heard
        self._conn, self._under_way, self._heard_at = conn, False, time.monotonic()
        self._over.clear()
        loop.add_reader(place, self._read)
        try:
            while time.monotonic() - self._heard_at < SILENT_SECONDS and not self._over.is_set():
                self._send()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._over.wait(), BEAT_SECONDS)
        finally:
            loop.remove_reader(place)
            self._conn = None
            self._release([*self._these, *self._next], heard=False)
            self._these, self._next = [], []
        raise OperationalError("The connection is silent.")

    def _send(self) -> None:
        """Send a beat, unless one is under way."""
        if self._conn is None or self._under_way:
            return
        self._beat += 1
        self._these, self._next = [*self._these, *self._next], []
        self._under_way, self._sent_at = True, time.monotonic()
        try:
            self._conn.pgconn.send_query_params(BEAT.encode(), [self._payload()])
            self._conn.pgconn.flush()
        except Error:
            self._over.set()

    def _payload(self) -> bytes:
        return f"{self._name}:{self._beat}".encode()

    def _read(self) -> None:
        """Take in what came."""
        if self._conn is None:
            return
        try:
            self._take(self._conn)
        except Error:
            self._over.set()
        except Exception:  # whatever it was: what is not understood counts as missed
            log.exception("an announcement is not understood")
            self._over.set()

    def _take(self, conn: Connection) -> None:
        """Take in what came: announcements in their order, and what became of the beat under way."""
        pgconn = conn.pgconn
        pgconn.consume_input()
        while notice := pgconn.notifies():
            self._heard(notice.relname.decode(), notice.extra)
        while self._under_way and not pgconn.is_busy():
            result = pgconn.get_result()
            if result is None:
                self._under_way = False
                if self._next:
                    self._send()
            elif result.status == ExecStatus.FATAL_ERROR:
                self._over.set()

    def _heard(self, channel: str, payload: bytes) -> None:
        """Hear an announcement, or a beat of our own: then all that was committed when it was sent has been heard."""
        if channel == ACCOUNTS:
            self.hear(payload.decode())
        elif payload == self._payload():
            self.heard_until, self._heard_at = self._sent_at, time.monotonic()
            self._release(self._these, heard=True)
            self._these = []

    @staticmethod
    def _release(waiting: list[asyncio.Future[bool]], *, heard: bool) -> None:
        for each in waiting:
            if not each.done():
                each.set_result(heard)
