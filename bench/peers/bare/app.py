"""The application: `granian --interface rsgi bench.peers.bare.app:app`."""

import asyncio
import json
import os
from collections.abc import Callable
from ipaddress import ip_address, ip_network
from typing import Any

import asyncpg

from bench.peers.bare import answers, statements
from bench.peers.judging import Rule, allowed, digest

JSON = "application/json"
REFUSED = b'"Access denied"'
Route = tuple[str, str, Callable[[list[Any]], bytes]]
LEGACY: dict[str, Route] = {
    "RequestBalanceInformation": ("balance", statements.BALANCE, answers.legacy_balance),
    "RequestOpenTrades": ("open_trades", statements.OPENED, answers.legacy_opened),
    "RequestAccountSummary": ("summary", statements.SUMMARY, answers.legacy_summary),
}
V1: dict[str, Route] = {
    "balance": ("balance", statements.BALANCE, answers.balance),
    "trades/open": ("open_trades", statements.OPENED, answers.opened),
    "summary": ("summary", statements.SUMMARY, answers.summary),
}


async def nothing(_: Any) -> None:
    """Leave a connection as it is: nothing was left in it, and to reset it would be a journey more."""


class App:
    """Answers questions about accounts."""

    pool: Any

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Connect to the database."""
        url = os.environ["BENCH_ASYNCPG_URL"]
        self.pool = loop.run_until_complete(asyncpg.create_pool(url, min_size=8, max_size=8, reset=nothing))

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """Answer a question."""
        path, headers = scope.path, scope.headers
        if path.startswith("/v1/accounts/"):
            login, _, what = path[13:].partition("/")
            route, kind = V1[what], "bearer"
            shown = headers.get("authorization", "").removeprefix("Bearer ") or None
        else:
            _, _, what, login = path.split("/")
            route, kind, shown = LEGACY[what], "legacy", headers.get("passkey")
        body = await self.answer(int(login), route, shown, kind, scope.client)
        protocol.response_bytes(403 if body is REFUSED else 200, [("content-type", JSON)], body)

    async def answer(self, login: int, route: Route, shown: str | None, kind: str, client: str) -> bytes:
        """Return what a caller is answered."""
        function, statement, written = route
        token = None if shown is None else digest(shown)
        async with self.pool.acquire() as conn:
            judged = await conn.fetchrow(statements.JUDGED, login, token, kind, function)
            address = ip_address(client.rpartition(":")[0])
            if not allowed(login, judged["owner"], rules(judged["rules"]), address, shown=shown is not None):
                return REFUSED
            return written(await conn.fetch(statement, login))


def rules(told: str | None) -> list[Rule]:
    """Return the rules that the statement tells."""
    return [
        Rule(name, level, [ip_network(each) for each in listed]) for name, level, listed in json.loads(told or "[]")
    ]


app = App()
