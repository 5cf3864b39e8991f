"""Straight to the handler: reads that are asked again and again pass by what the framework does for others.

Its router, its injection and its responses take about as long as all that we do for such a read. What is straight goes
through the same guard to the same handler; anything else about a request, and any other request, is the framework's.
"""

import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

from litestar import Litestar, Request, Response
from litestar.enums import HttpMethod, ScopeType
from litestar.handlers import BaseRouteHandler
from litestar.types import Message, Receive, Scope, Send

from opencabinet.doors.gate import served

DIRECT: Final = "direct"
"""What handlers say that take a request and nothing else, of a path that names one thing, by a login or a code."""
PLACE: Final = re.compile(r"([^{]*/)\{(login|code)\}([^{]*)")
Problem = Callable[[Request[Any, Any, Any], Exception], Response[bytes]]
Hook = Callable[[Message, Scope], Awaitable[None]]


class Direct:
    """An ASGI application in front of the framework's."""

    def __init__(self, inner: Litestar, problem: Problem, hooks: Sequence[Hook]) -> None:
        self.inner = inner
        self.problem = problem
        self.hooks = hooks
        self.handlers: dict[tuple[str, str], tuple[BaseRouteHandler, str, str]] = {}
        for route, handler in served(inner):
            if handler.opt.get(DIRECT) and (found := PLACE.fullmatch(route.path_format)):
                self.handlers[found[1], found[3]] = handler, route.path_format, found[2]
        starts = "|".join(sorted({re.escape(start) for start, _ in self.handlers}))
        self.shape = re.compile(f"({starts})([^/]+)(.*)")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on."""
        plain = scope["type"] == ScopeType.HTTP and scope["method"] == HttpMethod.GET
        found = self.shape.fullmatch(scope["path"]) if plain else None
        known = found and self.handlers.get((found[1], found[3]))
        if found is None or known is None:
            await self.inner(scope, receive, send)
            return
        handler, template, name = known
        own: Any = scope  # it is told what the framework would tell it
        own.update(route_handler=handler, path_template=template, path_params={name: found[2]})
        own.update(app=self.inner, litestar_app=self.inner)
        await self._answer(handler, Request(own, receive, send), send)

    async def _answer(self, handler: BaseRouteHandler, request: Request[Any, Any, Any], send: Send) -> None:
        try:
            for guard in handler.resolve_guards():
                await guard(request, handler)  # type: ignore[misc]  # each of ours is awaited
            response = await handler.fn(request)
        except Exception as raised:  # noqa: BLE001 - each is told in the words of its door
            response = self.problem(request, raised)

        async def hooked(message: Message) -> None:
            for hook in self.hooks:
                await hook(message, request.scope)
            await send(message)

        await response.to_asgi_response(None, request)(request.scope, request.receive, hooked)
