"""What an application that is watched counted."""

from collections.abc import Callable, Mapping
from typing import Any

from litestar.types import ASGIApp, Receive, Scope, Send
from msgspec import structs

from opencabinet.edge.counting import Counting, Tally
from opencabinet.edge.lines import Lines
from opencabinet.edge.watching import Watching

ROUTE = "/things/{id}"
DOORS = {ROUTE: "v1"}
SAID: Any = {"type": "http.response.start", "status": 200, "headers": []}


def watched(inner: ASGIApp, lines: Lines | None = None) -> Watching:
    """Watch an application that has one route."""
    return Watching(Counting(DOORS), lines or Lines(), inner)


def counting(site: Any) -> Counting:
    """Return what the application behind a client counts."""
    app = site._transport.app  # noqa: SLF001 - httpx has no public name for it
    while not isinstance(app, Watching):
        app = app.inner
    return app.counting


def tallies(found: Counting) -> dict[tuple[str, str, str], Tally]:
    """Return copies of all tallies, by door, method and route."""
    return {(each.door, each.method, each.route): copied(each) for each in found.figures.tallies.values()}


def copied(tally: Tally) -> Tally:
    """Return a tally that counts no further."""
    return structs.replace(
        tally,
        statuses=dict(tally.statuses),
        time=structs.replace(tally.time, slots=list(tally.time.slots)),
        database=structs.replace(tally.database, slots=list(tally.database.slots)),
    )


class Routed:
    """An application that finds its one route, does something, and says so."""

    def __init__(self, work: Callable[[Mapping[str, Any]], Any] | None = None, template: str = ROUTE) -> None:
        self.work = work
        self.template = template

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        del receive
        extended: Any = scope
        extended["path_template"] = self.template
        if self.work:
            await self.work(extended)
        await send(SAID)
        await send({"type": "http.response.body", "body": b"half", "more_body": True})
        await send({"type": "http.response.body", "body": b"whole", "more_body": False})
