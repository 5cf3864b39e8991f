"""What is refused before anything is asked, and what every answer carries: the layer around the application."""

import asyncio
import contextlib
import gc
import re
import secrets
from http import HTTPStatus
from typing import Final

import structlog
from litestar.enums import HttpMethod, ScopeType
from litestar.types import ASGIApp, HTTPScope, Message, Receive, ReceiveMessage, Scope, Send, WebSocketScope

from opencabinet.doors.caller import REQUEST_ID
from opencabinet.doors.gate import BARE, BODILESS, DEADLINE
from opencabinet.doors.v1 import problems
from opencabinet.edge.refusing import refuse, say

TIDY_SECONDS: Final = 1.0
"""So soon after a request that took too long its connection is closed, with all others of that time."""
REQUEST_SECONDS: Final = 10
STALL_SECONDS: Final = 30
LARGEST_HEADERS: Final = 32 * 1024
LARGEST_HEADER: Final = 8 * 1024
LONGEST_TARGET: Final = 8 * 1024
MOST_HEADERS: Final = 100
HOST: Final = re.compile(rb"(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")
FORBIDDEN_IN_PATH: Final = re.compile(rb"%0[0-9a-f]|%1[0-9a-f]|%2f|%5c|%7f|/\.{1,2}(?:/|$)|[^\x21-\x7e]", re.IGNORECASE)
GIVEN_ID: Final = re.compile(rb"[A-Za-z0-9_.-]{1,64}")

ALWAYS: Final = {
    b"cache-control": b"private, no-store",
    b"content-security-policy": b"default-src 'none'; frame-ancestors 'none'; sandbox",
    b"cross-origin-resource-policy": b"same-origin",
    b"referrer-policy": b"no-referrer",
    b"vary": b"passkey, Authorization, Cookie, Origin",
    b"x-content-type-options": b"nosniff",
}
"""Headers of every answer that does not set its own."""


PREFLIGHT: Final = {
    b"access-control-allow-origin": b"*",
    b"access-control-allow-methods": b"GET, POST, PUT, DELETE",
    b"access-control-allow-headers": (
        b"Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, X-Request-Id"
    ),
    b"access-control-max-age": b"86400",
}
"""What a browser is told before a page asks v1: the same of every path and login, so that nothing is learnt by it.
Whether the page may read the answer is said with the answer."""


DRAINED: Final = "/v1/ingest"
"""Where bodies are large: whoever sends one still is not heard to the end by an answer that comes too early."""
DRAIN_BYTES: Final = 16 * 1024 * 1024
DRAIN_SECONDS: Final = 5.0
NOT_DRAINED: Final = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})
"""Answers to whoever is to come back later: of those bodies nothing is read."""


class Body:
    """Passes on the body of a request, and can throw away what of it nobody has read."""

    def __init__(self, receive: Receive) -> None:
        self.receive = receive
        self.over = False

    async def __call__(self) -> ReceiveMessage:
        """Pass a piece on."""
        message = await self.receive()
        self.over = message["type"] != "http.request" or not message.get("more_body", False)
        return message

    async def drain(self) -> None:
        """Read on to the end, as far as bodies may go."""
        left = DRAIN_BYTES
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(DRAIN_SECONDS):
                while not self.over and left > 0:
                    message = await self()
                    if message["type"] == "http.request":
                        left -= len(message["body"])


class Limits:
    """An ASGI application that guards another: bounds on the request, headers on the answer, an end to waiting."""

    def __init__(self, inner: ASGIApp) -> None:
        self.inner = inner
        self.tidying: asyncio.TimerHandle | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, refusing what no client of ours sends."""
        given = request_id(scope) if scope["type"] in {ScopeType.HTTP, ScopeType.WEBSOCKET} else b""
        if scope["type"] == ScopeType.WEBSOCKET and refusal(scope) is not None:
            await send({"type": "websocket.close", "code": 1008, "reason": ""})
            return
        if scope["type"] != ScopeType.HTTP:
            scope[REQUEST_ID] = given.decode()  # type: ignore[typeddict-unknown-key]  # a scope may be extended
            await self.inner(scope, receive, send)
            return
        structlog.contextvars.bind_contextvars(request_id=given.decode())
        scope[BARE] = send  # type: ignore[typeddict-unknown-key]  # a scope may be extended
        scope[REQUEST_ID] = given.decode()  # type: ignore[typeddict-unknown-key]  # a scope may be extended
        answer = Answer(send, given, scope["path"], bodiless=scope["method"] == HttpMethod.HEAD)
        if scope["path"] == DRAINED:
            receive = answer.unread = Body(receive)
        if answer.bodiless:
            scope["method"] = HttpMethod.GET
            scope[BODILESS] = True  # type: ignore[typeddict-unknown-key]  # a scope may be extended
        if (status := refusal(scope)) is not None:
            await answer.refuse(status)
            return
        if scope["method"] == HttpMethod.OPTIONS and problems.asked(scope["path"]):
            await say(answer, HTTPStatus.NO_CONTENT, list(PREFLIGHT.items()))
            return
        try:
            async with asyncio.timeout(REQUEST_SECONDS) as deadline:
                scope[DEADLINE] = deadline  # type: ignore[typeddict-unknown-key]  # a scope may be extended
                await self.inner(scope, receive, answer)
        except* TimeoutError:
            if not answer.started:
                await answer.refuse(503)
            if self.tidying is None:
                self.tidying = asyncio.get_running_loop().call_later(TIDY_SECONDS, self.tidy)

    def tidy(self) -> None:
        """Let go of what was waited for in vain: errors and frames refer to one another, and hold connections open."""
        self.tidying = None
        gc.collect()


class Answer:
    """Sends an answer with the headers that every answer carries."""

    def __init__(self, send: Send, request: bytes, path: str, *, bodiless: bool = False) -> None:
        self.send = send
        self.path = path
        self.bodiless = bodiless
        self.request = request
        self.started = False
        self.streams = False
        self.unread: Body | None = None

    async def __call__(self, message: Message) -> None:
        """Pass a message on, the first with its headers completed."""
        if message["type"] == "http.response.start":
            if self.unread and message["status"] not in NOT_DRAINED:
                await self.unread.drain()
            self.started = True
            own = list(message["headers"])
            names = {name.lower() for name, _ in own}
            added = [(name, value) for name, value in ALWAYS.items() if name not in names]
            message["headers"] = [*own, *added, (b"x-request-id", self.request)]
        elif message["type"] == "http.response.body":
            self.streams = self.streams or message["more_body"]
            if self.bodiless:
                message["body"] = b""
        if not self.streams:  # the server takes it whole, and waits for nobody
            await self.send(message)
            return
        async with asyncio.timeout(STALL_SECONDS):  # who reads nothing for so long is not waited for
            await self.send(message)

    async def refuse(self, status: int) -> None:
        """Answer with a status in the words of the door that was asked, and close the connection."""
        await refuse(self, status, self.path, self.request.decode(), close=True)


def refusal(scope: HTTPScope | WebSocketScope) -> int | None:
    """Return the status to refuse a request with, or None."""
    headers = list(scope["headers"])
    hosts = [value for name, value in headers if name == b"host"]
    if len(hosts) != 1 or not HOST.fullmatch(hosts[0]):
        return 400
    sizes = [len(name) + len(value) for name, value in headers]
    if len(headers) > MOST_HEADERS or max(sizes) > LARGEST_HEADER or sum(sizes) > LARGEST_HEADERS:
        return 431
    if len(scope["raw_path"] or scope["path"]) + len(scope["query_string"]) > LONGEST_TARGET:
        return 414
    if FORBIDDEN_IN_PATH.search(scope["raw_path"] or scope["path"].encode()) or not scope["path"].startswith("/"):
        return 400
    return None


def request_id(scope: HTTPScope | WebSocketScope) -> bytes:
    """Return the id the client gave its request, or a new one."""
    given = next((value for name, value in scope["headers"] if name == b"x-request-id"), b"")
    return given if GIVEN_ID.fullmatch(given) else secrets.token_hex(8).encode()
