"""Fills: an answer of the application is kept as it leaves, if all that it depends on is known."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from sys import getsizeof
from typing import Final, Protocol

from litestar.types import HTTPResponseStartEvent, HTTPScope, Message, Send

from opencabinet.access import Evidence
from opencabinet.doors.holding import Holding, Judged, Lasting
from opencabinet.edge.answers import LARGEST, Answers, Headers, Held, Tally
from opencabinet.edge.asking import Asked
from opencabinet.edge.coherence import LONGEST_SECONDS, Coherence
from opencabinet.edge.flights import Flight

OF_NOW: Final = frozenset(
    {
        *(b"ratelimit", b"ratelimit-policy", b"x-ratelimit-limit", b"x-ratelimit-remaining", b"x-ratelimit-reset"),
        *(b"x-feed-as-of", b"x-feed-state", b"x-request-id"),
    }
)
"""Headers that are written anew for each caller."""
REFUSED: Final = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})
"""What is answered to one caller, or at one moment, and says nothing of the question."""
OF_BODIES: Final = frozenset({b"content-length", b"content-type"})
TEMPLATE: Final = "path_template"
"""Where the framework keeps the route it chose."""
DAY: Final = timedelta(days=1)
MINUTE_SECONDS: Final = 60.0
PLACE: Final = 64
"""What a text takes beside itself where it is one of a set."""


class Filled(Protocol):
    """What holds answers; it may say where those of a route, by its template, are counted."""

    answers: Answers
    coherence: Coherence
    tally: Callable[[str], Tally] | None


class Fill:
    """Sends an answer on, and keeps it. What was asked before a change that is heard of meanwhile is not kept."""

    def __init__(self, edge: "Filled", asked: Asked, scope: HTTPScope, send: Send, flight: Flight) -> None:
        self.edge = edge
        self.answers, self.coherence = edge.answers, edge.coherence
        self.asked = asked
        self.scope = scope
        self.send = send
        self.flight = flight
        self.holding = Holding()
        self.count = self.coherence.count
        self.asked_at, self.began = time.monotonic(), datetime.now(UTC)
        self.headers: Headers | None = None

    async def __call__(self, message: Message) -> None:
        """Pass a message on; the whole of an answer is in two."""
        if message["type"] == "http.response.start":
            good = self.holding.judged is not None and (message["status"] == HTTPStatus.OK or self._unsent(message))
            self.headers = list(message["headers"]) if good else None
            if not good:
                self.flight.refused = message["status"] in REFUSED
                self.flight.land()
        elif message["type"] == "http.response.body":
            if self.headers is not None and not message.get("more_body", False):
                self._keep(*self._whole(self.headers, message["body"]))
            self.headers = None
            self.flight.land()
        await self.send(message)

    def _unsent(self, message: HTTPResponseStartEvent) -> bool:
        """Whether the caller has the answer already, and it is known all the same."""
        return message["status"] == HTTPStatus.NOT_MODIFIED and self.holding.body is not None

    def _whole(self, headers: Headers, body: bytes) -> tuple[Headers, bytes]:
        """Return the headers and the body of the answer, also where it was not sent."""
        whole = self.holding.body
        if whole is None:
            return headers, body
        rest = [line for line in headers if line[0].lower() not in OF_BODIES]
        of_body = [(b"content-type", self.holding.media_type.encode()), (b"content-length", b"%d" % len(whole))]
        return [*of_body, *rest], whole

    def _keep(self, headers: Headers, body: bytes) -> None:
        judged = self.holding.judged
        if judged is None:
            return
        key = self.asked.own_key if judged.evidence.by_address else self.asked.key
        before, after = split(headers)
        ends = self.asked_at + seconds(judged, self.began)
        self.flight.answer = made = Held(
            key=key,
            key_path=self.asked.key[0],
            key_size=len(self.asked.key[0]) + len(self.asked.key[1]),
            judged=judged,
            before=before,
            bodiless=[line for line in before if line[0] not in OF_BODIES],
            after=after,
            body=body,
            tag=next((value for name, value in headers if name.lower() == b"etag"), b""),
            asked_at=self.asked_at,
            until=min(ends, self.asked_at + LONGEST_SECONDS) if judged.lasting is Lasting.NOW else ends,
            ends=ends,
            neighbours=self.asked.caller.neighbours,
            weight=weight(judged.evidence),
            tally=self.edge.tally(self.scope.get(TEMPLATE, "")) if self.edge.tally else None,
        )
        if len(body) <= LARGEST and self.coherence.unchanged(judged.ask.login, self.count):
            self.answers.keep(made)


def weight(evidence: Evidence) -> int:
    """Return about how many bytes of text an answer is judged by: notes, symbols and origins can be many and long."""
    bearer = evidence.grant.bearer
    texts = [*bearer.origins] if bearer else []
    for _, rule in evidence.policy.rows():
        texts += (rule.note, *rule.redaction.without_symbols)
    return sum(getsizeof(each) + PLACE for each in texts)


def seconds(judged: Judged, began: datetime) -> float:
    """Return how long an answer that was asked for at a moment is good at most, if nothing changes but prices."""
    found = [(began.replace(hour=0, minute=0, second=0, microsecond=0) + DAY - began).total_seconds()]
    if judged.evidence.grant.seconds_left is not None:
        found.append(judged.evidence.grant.seconds_left)
    if judged.decision.redaction.delay_minutes:  # what is left out moves on by whole minutes
        found.append(MINUTE_SECONDS - began.second - began.microsecond / 1e6)
    return min(found)


def split(headers: Headers) -> tuple[Headers, Headers]:
    """Return the headers before and after those that are written anew."""
    lower = [(name.lower(), value) for name, value in headers]
    place = next((place for place, (name, _) in enumerate(lower) if name in OF_NOW), len(lower))
    return lower[:place], [line for line in lower[place:] if line[0] not in OF_NOW]
