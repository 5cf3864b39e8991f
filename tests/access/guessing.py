"""Guessing at passwords, from many places."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from ipaddress import ip_address

import pytest
from argon2 import Parameters, Type

from opencabinet import access
from opencabinet.access import AccessDenied, Family, Hasher, Source, secrets, throttles
from opencabinet.db import Connection, Pool
from opencabinet.kernel.ids import Login
from opencabinet.kernel.problem import Throttled
from tests import make
from tests.access.asking import PEPPER

CHEAP = Parameters(type=Type.ID, version=19, salt_len=16, hash_len=32, time_cost=1, memory_cost=64, parallelism=1)
HASHER = Hasher({1: PEPPER}, queue=1_000, parameters=CHEAP)
WRONG = secrets.make_password(b"of nobody")
"""A well-formed API password that is no account's."""
CHOSEN = "a passphrase that I chose"
HERE = "192.0.2.7"
UNKNOWN = 42
HOUR = timedelta(hours=1)

AGE = """
UPDATE throttles
   SET ends_at = ends_at - make_interval(secs => %(seconds)s),
       free_at = CASE WHEN isfinite(free_at) THEN free_at - make_interval(secs => %(seconds)s) ELSE free_at END
"""


def place(number: int) -> str:
    """Return an address in the network of that number."""
    return f"10.{number // 250}.{number % 250}.7"


async def told(conn: Connection, login: int, password: str, address: str | None = None) -> str:
    """Guess at an account's password, and say what came of it."""
    source = Source(address=None if address is None else ip_address(address))
    given = {"pepper": PEPPER, "login": login, "password": password, "family": Family.CLIENT, "lifetime": HOUR}
    try:
        await access.issue(conn, **given, source=source, hasher=HASHER)  # type: ignore[arg-type]  # each of its own type
    except AccessDenied:
        return "wrong"
    except Throttled:
        return "throttled"
    return "right"


async def times(count: int, guess: Callable[[], Awaitable[str]]) -> list[str]:
    """Guess so many times in a row."""
    return [await guess() for _ in range(count)]


async def at_once(pools: list[Pool], count: int, guess: Callable[[Connection, int], Awaitable[str]]) -> list[str]:
    """Guess so many times at once, in turns over the pools."""

    async def one(number: int) -> str:
        async with pools[number % len(pools)].lend() as conn:
            return await guess(conn, number)

    return list(await asyncio.gather(*(one(number) for number in range(count))))


async def pools_of(stack: AsyncExitStack, url: str, count: int) -> list[Pool]:
    """Return pools as so many web processes have them, closed at the end."""
    made = [Pool(url, role="opencabinet_serve", size=8, wait_seconds=60) for _ in range(count)]
    for each in made:
        stack.push_async_callback(each.close)
    return made


async def age(conn: Connection, seconds: float) -> None:
    """Let so much time pass for the buckets."""
    await conn.run(AGE, seconds=seconds)


async def account(conn: Connection, password: str | None = None) -> tuple[Login, str]:
    """Keep an account with an API password, one that its owner chose or a generated one."""
    login = (await make.account(conn)).login
    if password is None:
        return login, await access.set_password(conn, login, pepper=PEPPER)
    await access.choose_password(conn, login, password, hasher=HASHER)
    return login, password


async def wait_of(conn: Connection, login: int, network: str | None = None) -> int:
    """Return how long one has to wait for the next guess at a chosen password."""
    with pytest.raises(Throttled) as refused:
        await throttles.reserve(
            conn,
            subject=throttles.of_login(login),
            network=access.network(network) if network else None,
            generated=False,
        )
    return refused.value.retry_after
