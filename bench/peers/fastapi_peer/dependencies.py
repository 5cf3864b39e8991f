"""What routes depend on: a session, and that the caller may read the account."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Annotated

from fastapi import Depends, Header, HTTPException, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from bench.peers.fastapi_peer.models import AccessRule, Token
from bench.peers.judging import Rule, allowed, digest

engine = create_async_engine(os.environ["BENCH_SQLALCHEMY_URL"], pool_size=8, max_overflow=0)
session_factory = async_sessionmaker(engine, expire_on_commit=False)
bearer_scheme = HTTPBearer(auto_error=False)


async def get_session() -> AsyncIterator[AsyncSession]:
    """Give a session for as long as a request lasts."""
    async with session_factory() as session:
        yield session


SessionDep = Annotated[AsyncSession, Depends(get_session)]


async def check(
    session: AsyncSession, request: Request, login: int, function: str, token: str | None, kind: str
) -> None:
    """Refuse a caller who may not read an account."""
    owner = None
    if token is not None:
        owner = await session.scalar(
            select(Token.login).where(
                Token.hash == digest(token),
                Token.kind == kind,
                Token.family == "client",
                Token.expires_at > func.now(),
                Token.revoked_at.is_(None),
            )
        )
    now = datetime.now(UTC)
    rules = await session.scalars(
        select(AccessRule).where(
            AccessRule.login == login,
            AccessRule.function.in_([function, "default"]),
            or_(AccessRule.expires_at.is_(None), AccessRule.expires_at > now),
        )
    )
    known = [Rule(rule.function, rule.level, rule.networks) for rule in rules]
    address = ip_address(request.client.host if request.client else "0.0.0.0")  # noqa: S104 - nobody's
    if not allowed(login, owner, known, address, shown=token is not None):
        raise HTTPException(status_code=403, detail="Access denied")


def by_passkey(function: str) -> Callable[..., Awaitable[None]]:
    """Return the dependency of routes of the legacy wire."""

    async def permit(
        session: SessionDep, request: Request, login: int, passkey: Annotated[str | None, Header()] = None
    ) -> None:
        await check(session, request, login, function, passkey, "legacy")

    return permit


def by_bearer(function: str) -> Callable[..., Awaitable[None]]:
    """Return the dependency of routes of v1."""

    async def permit(
        session: SessionDep,
        request: Request,
        login: int,
        shown: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer_scheme)],
    ) -> None:
        await check(session, request, login, function, shown.credentials if shown else None, "bearer")

    return permit
