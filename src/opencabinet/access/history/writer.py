"""The bounded writer of a process: refusals and first uses are gathered, and committed many at once."""

import asyncio
import contextlib
import hashlib
from collections import OrderedDict
from datetime import UTC, datetime
from typing import Any, Final, Self

import structlog
from psycopg import Error

from opencabinet.access import secrets
from opencabinet.access.history import store
from opencabinet.access.history.model import BEYOND, Fact, known
from opencabinet.access.history.store import Use
from opencabinet.access.model import Address, Network, Source
from opencabinet.access.networks import neighbours
from opencabinet.db import Pool
from opencabinet.kernel.problem import Overloaded

GATHER_SECONDS: Final = 0.05
AGAIN_SECONDS: Final = 0.5
END_SECONDS: Final = 5.0
MOST_REFUSALS: Final = 2_000
"""Refusals that differ, of one batch; what comes beyond is counted only."""
MOST_USES: Final = 1_000
MOST_TOLD: Final = 65_536
"""First uses that a process remembers to have told of; of others the table knows."""
TOO_MANY: Final = "so many refusals came at once that they are only counted"
log = structlog.get_logger(__name__)


class History:
    """What one process tells the history, beside the requests: it never holds one up but for a first use."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._refusals: dict[tuple[Any, ...], tuple[Fact, int]] = {}
        self._beyond = 0
        self._uses: dict[bytes, tuple[Use, asyncio.Future[bool]]] = {}
        self._told: OrderedDict[bytes, None] = OrderedDict()
        self._news, self._urgent, self._quiet = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self._quiet.set()
        self._ending = False
        self._work: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._work = asyncio.create_task(self._write())
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def refused(
        self, login: int | None, source: Source, *, action: str, rule: str, family: str = "", function: str = ""
    ) -> None:
        """Tell of a refusal, soon; None is the login where it cannot be of any account."""
        fact = Fact(login=known(login), source=source, action=action, rule=rule, family=family, function=function)
        self._count(fact, 1)
        self._hear()

    def knows(self, key: bytes) -> bool:
        """Whether this process knows that the history has told of the first use with `key`."""
        if key not in self._told:
            return False
        self._told.move_to_end(key)
        return True

    def learn(self, *keys: bytes) -> None:
        """Keep in mind of which first uses the history has told."""
        self._told.update(dict.fromkeys(keys))
        while len(self._told) > MOST_TOLD:
            self._told.popitem(last=False)

    async def first_use(
        self,
        login: int,
        source: Source,
        *,
        key: bytes,
        action: str,
        rule: str,
        family: str = "",
        function: str = "",
        **detail: Any,
    ) -> None:
        """Tell of a use that is the first with `key`, and wait until it is told.

        Raises:
            Overloaded: if it cannot be told now.
        """
        if self.knows(key):
            return
        if key not in self._uses:
            if len(self._uses) >= MOST_USES or self._ending:
                raise Overloaded("The history cannot be written now.")
            fact = Fact(login=known(login), source=source, action=action, rule=rule, family=family, function=function)
            self._uses[key] = Use(fact, key, detail), asyncio.get_running_loop().create_future()
        told = self._uses[key][1]
        self._hear()
        self._urgent.set()
        if not await asyncio.shield(told):
            raise Overloaded("The history cannot be written now.")

    async def settle(self) -> None:
        """Wait until all that was told so far is in the table."""
        await self._quiet.wait()

    async def close(self) -> None:
        """Write what waits, and end."""
        self._ending = True
        self._news.set()
        self._urgent.set()
        if self._work:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._work, END_SECONDS)
        if self._waiting:
            log.error("the history is not whole", refusals=sum(times for _, times in self._refusals.values()))
        self._release(self._uses.values(), told=False)
        self._uses.clear()

    @property
    def _waiting(self) -> bool:
        return bool(self._refusals or self._uses or self._beyond)

    def _hear(self) -> None:
        self._news.set()
        self._quiet.clear()

    def _count(self, fact: Fact, times: int) -> None:
        """Count a refusal to its equals, or to those beyond the bound."""
        source = fact.source
        key = (fact.login, source.channel, fact.action, fact.family, fact.spoken, neighbours(source.address))
        if key in self._refusals:
            times += self._refusals[key][1]
        elif len(self._refusals) >= MOST_REFUSALS:
            self._beyond += times
            return
        self._refusals[key] = fact, times

    async def _write(self) -> None:
        """Commit what was gathered, at least every 50 milliseconds, until told to end."""
        while self._waiting or not self._ending:
            await self._news.wait()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._urgent.wait(), GATHER_SECONDS)
            await self._commit()
            if not self._waiting:
                self._quiet.set()

    async def _commit(self) -> None:
        """Commit a batch; what fails for the database's sake waits for the next, but for first uses."""
        refusals, beyond, uses = self._refusals, self._beyond, self._uses
        self._refusals, self._beyond, self._uses = {}, 0, {}
        self._news.clear()
        self._urgent.clear()
        told = False
        try:
            async with self._pool.lend() as conn:
                await store.tell(conn, rows(refusals, beyond), [use for use, _ in uses.values()])
            told = True
        except Overloaded as away:
            log.warning("the history waits for the database", reason=away.detail)
            for fact, times in refusals.values():
                self._count(fact, times)
            self._beyond += beyond
            self._news.set()
        except Error as wrong:
            # A row the table refuses must not hold up those behind it; that there was one is told.
            log.exception("the history refused a batch", state=wrong.sqlstate)
            self._beyond += beyond + sum(times for _, times in refusals.values())
            self._news.set()
        finally:
            self._release(uses.values(), told=told)
        if told:
            self.learn(*uses)
        else:
            await asyncio.sleep(AGAIN_SECONDS)

    @staticmethod
    def _release(uses: Any, *, told: bool) -> None:
        for _, waiting in uses:
            if not waiting.done():
                waiting.set_result(told)


def rows(refusals: dict[tuple[Any, ...], tuple[Fact, int]], beyond: int) -> list[tuple[Fact, int]]:
    """Return a batch of refusals, and behind it the row that counts what was too much."""
    many = Fact(login=BEYOND, source=Source(channel="server", derived_from="none"), action="overflow", rule=TOO_MANY)
    return [*refusals.values(), *([(many, beyond)] if beyond else [])]


def key_of(login: int, function: str, address: Address | None, shown: str | None, *, anybody: bool = False) -> bytes:
    """Return what of a use there is only one row.

    A credential's first use from each network is told; of readings without one, one a day for each function, and for
    each network where the address counts.
    """
    network = None if anybody and shown is None else neighbours(address)
    if shown is not None:
        return key_of_credential(login, secrets.hash_token(shown), network)
    return digest("reading", login, function, datetime.now(UTC).date(), network)


def key_of_credential(login: int, shown: bytes, network: Network | None) -> bytes:
    """Return what of a credential with this hash, used from a network, there is only one row."""
    return digest("credential", login, shown.hex(), network)


def digest(*parts: object) -> bytes:
    """Return a hash of parts that are told apart."""
    return hashlib.sha256("\0".join(map(str, parts)).encode()).digest()
