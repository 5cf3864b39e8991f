"""Settings in, ASGI application out: the one place where everything meets."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from typing import Final

from litestar import Litestar
from litestar.types import ASGIApp

from opencabinet import lifeline, logs, settings
from opencabinet.access import keyfile
from opencabinet.db import Pool
from opencabinet.doors import legacy
from opencabinet.doors.gate import refuse_undeclared
from opencabinet.edge.limits import Limits
from opencabinet.settings import Settings

LARGEST_BODY: Final = 64 * 1024


def create() -> ASGIApp:
    """Return the application that this process's environment asks for."""
    lifeline.hold()
    given = settings.load()
    logs.start(given.log_level)
    return build(given)


def build(given: Settings) -> ASGIApp:
    """Return the application."""
    keys = keyfile.load(given.folder)
    issuing = legacy.Issuing(keys.pepper, timedelta(seconds=given.token_seconds))
    app = Litestar(
        [legacy.router(issuing)],
        exception_handlers={Exception: legacy.problem},
        lifespan=[connections(given)],
        logging_config=None,
        openapi_config=None,
        request_max_body_size=LARGEST_BODY,
    )
    refuse_undeclared(app)
    return Limits(legacy.Spelling(app))


def connections(given: Settings) -> Callable[[Litestar], AbstractAsyncContextManager[None]]:
    """Return what gives the application its connections while it lives."""

    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        app.state.pool = Pool(given.database_url, role="opencabinet_serve", size=given.pool_size)
        try:
            yield
        finally:
            await app.state.pool.close()

    return lifespan
