"""Who guesses learns nothing from the work done: an unknown login and a wrong password cost the same operations."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import Any

import pytest
from psycopg import AsyncCursor

from opencabinet import access
from opencabinet.access import AccessDenied, Ask, Family, Function, Kind, Level, Policy, Redaction, Rule, secrets, store
from opencabinet.db import Connection
from opencabinet.kernel.ids import LARGEST, Login
from tests import make

PEPPER = b"p" * 32
UNKNOWN = Login(42)


@contextmanager
def operations(conn: Connection, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Note every statement and every hash, in their order."""
    done: list[str] = []

    class Noting(AsyncCursor[Any]):
        async def execute(self, query: Any, *arguments: Any, **options: Any) -> Any:
            done.append(query)
            return await super().execute(query, *arguments, **options)

    def noting(name: str) -> Callable[..., bytes]:
        hashed = getattr(secrets, name)

        def noted(*given: Any) -> bytes:
            done.append(name)
            made: bytes = hashed(*given)
            return made

        return noted

    with monkeypatch.context() as patched:
        patched.setattr(conn, "cursor_factory", Noting)
        for name in ("hash_password", "hash_token"):
            patched.setattr(secrets, name, noting(name))
        yield done


async def login_of_an_account(conn: Connection) -> Login:
    """Keep an account with a password."""
    login = (await make.account(conn)).login
    await access.set_password(conn, login, pepper=PEPPER)
    return login


async def test_asking_for_a_token_costs_the_same_for_any_login(
    conn: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = await login_of_an_account(conn)
    without = (await make.account(conn)).login
    costs = []

    for login in (known, without, UNKNOWN, 0, -5, LARGEST + 1):
        with operations(conn, monkeypatch) as done, suppress(AccessDenied):
            await access.issue(
                conn, pepper=PEPPER, login=login, password="guess", family=Family.CLIENT, lifetime=timedelta(hours=1)
            )
        costs.append(done)

    assert len(costs[0]) == 4, "Two hashes, a reservation, and the question."
    assert costs == [costs[0]] * 6


@pytest.mark.parametrize("token", [None, "", "guess", "0" * 64])
async def test_judging_costs_the_same_for_any_login(
    conn: Connection, monkeypatch: pytest.MonkeyPatch, token: str | None
) -> None:
    known = await login_of_an_account(conn)
    costs = []

    for login in (known, UNKNOWN, LARGEST + 1):
        ask = Ask(login=Login(login), function=Function.BALANCE, address=ip_address("192.0.2.7"))
        with operations(conn, monkeypatch) as done:
            decision = await access.permit(conn, token, ask)
        costs.append((done, decision))

    assert costs[0][0]
    assert costs == [costs[0]] * 3


async def test_there_is_as_much_to_read_of_any_account(conn: Connection) -> None:
    plain, listed, ended = [await login_of_an_account(conn) for _ in range(3)]
    await access.close_account(conn, listed, [access.network(f"203.0.{part}.0/24") for part in range(100)])
    symbols = Redaction(without_symbols=frozenset(map(str, range(100))))
    soon = datetime.now(UTC) + timedelta(hours=1)
    await access.set_policy(conn, ended, Policy(default=Rule(level=Level.OPEN, redaction=symbols, expires_at=soon)))

    for login in (UNKNOWN, plain, listed, ended):
        ask = Ask(login=login, function=Function.BALANCE, address=ip_address("192.0.2.7"), at=soon)
        ((_, policy, *_),) = await store.judged(conn, [access.held(None, Kind.LEGACY, ask)])
        assert len(policy.rules) == 1
        assert {(rule.networks, rule.redaction) for _, rule in policy.rows()} == {((), Redaction())}
