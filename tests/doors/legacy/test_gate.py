"""An application with an unguarded handler does not start."""

from collections.abc import Callable
from typing import Any

import pytest
from litestar import Litestar, Router, WebSocket, asgi, get, websocket
from litestar.handlers import BaseRouteHandler
from litestar.types import Receive, Scope, Send

from opencabinet import app
from opencabinet.access import Function, Kind, Public
from opencabinet.doors import legacy
from opencabinet.doors.gate import gate, refuse_undeclared
from opencabinet.settings import Settings

GATE = gate(lambda _: None, Kind.LEGACY)


@get("/silent/{login:int}")
async def silent() -> None: ...


@get("/balance/{login:int}", need=Function.BALANCE)
async def judged() -> None: ...


@get("/balance", need=Function.BALANCE)
async def of_nobody() -> None: ...


@get("/misspelt/{login:int}", need="balance")
async def misspelt() -> None: ...


@get("/public", need=Public.PUBLIC)
async def public() -> None: ...


@websocket("/stream/{login:int}")
async def stream(socket: WebSocket[Any, Any, Any]) -> None: ...


@asgi("/mounted", is_mount=True, copy_scope=True)
async def mounted(scope: Scope, receive: Receive, send: Send) -> None: ...


def router(*handlers: BaseRouteHandler, guarded: bool = True) -> Router:
    return Router(path="/", route_handlers=list(handlers), guards=[GATE] if guarded else [])


@pytest.mark.parametrize("handler", [silent, misspelt, stream, mounted], ids=str)
def test_a_handler_that_declares_no_need_is_refused(handler: BaseRouteHandler) -> None:
    with pytest.raises(TypeError, match="declares no need"):
        refuse_undeclared(Litestar([router(public, handler)], openapi_config=None))


def test_a_need_without_a_gate_is_refused() -> None:
    with pytest.raises(TypeError, match="no gate"):
        refuse_undeclared(Litestar([router(judged, guarded=False)], openapi_config=None))


def test_a_need_of_no_account_is_refused() -> None:
    with pytest.raises(TypeError, match="names no login"):
        refuse_undeclared(Litestar([router(of_nobody)], openapi_config=None))


def test_what_is_declared_and_judged_is_accepted() -> None:
    refuse_undeclared(Litestar([router(judged, public)], openapi_config=None))


def test_the_application_refuses_to_start_with_one(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    undeclared: Callable[..., Router] = lambda _: router(silent)  # noqa: E731 - a router with a hole
    monkeypatch.setattr(legacy, "router", undeclared)

    with pytest.raises(TypeError, match="declares no need"):
        app.build(settings)
