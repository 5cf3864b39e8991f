"""Hits: an answer that is held is judged again, spent of the caller's budget, and told with what is of now."""

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from msgspec import Struct

from opencabinet import access
from opencabinet.access import Ask, Decision, History, Kind, Uses
from opencabinet.doors import spending
from opencabinet.doors.budgets import Budgets, Standing
from opencabinet.doors.freshness import Freshness
from opencabinet.doors.spending import LONG, Share
from opencabinet.edge.answers import Answers, Headers, Held, Tally
from opencabinet.edge.asking import V1, Asked
from opencabinet.edge.coherence import Coherence
from opencabinet.edge.counting import Counts
from opencabinet.edge.known import Caller
from opencabinet.edge.limits import GIVEN_ID
from opencabinet.kernel.problem import Throttled

NOTE_SECONDS: Final = 20.0
"""Uses of credentials are told to the minute."""


Spent = list[tuple[Share, Standing]]
"""What was spent, and what is left of it."""
Spending = Callable[[list[Share]], Spent | None]


class Beside(Struct, frozen=True):
    """What an application counts and knows beside its answers."""

    budgets: Budgets
    uses: Uses
    history: History
    freshness: Freshness


class Hit(Struct):
    """An answer as it leaves."""

    status: int
    headers: Headers
    """The last of them is the id of the request."""
    body: bytes
    tally: Tally | None = None


class Hits:
    """Answers from what is held."""

    def __init__(self, answers: Answers, coherence: Coherence, counts: Counts, beside: Beside) -> None:
        self.answers = answers
        self.coherence = coherence
        self.counts = counts
        self.beside = beside

    def answer(self, asked: Asked) -> Hit | None:
        """Return the held answer to a question, None if there is none that this caller may have now."""
        held = self.answers.get(asked.key) or self.answers.get(asked.own_key)
        if held is None:
            return None
        now = time.monotonic()
        if now >= held.until or not self.coherence.good(held.asked_at, now):
            self.counts.silent += self.coherence.silent(now)
            return None
        return self._given(asked, held, now)

    def shared(self, asked: Asked, held: Held) -> Hit | None:
        """Return what came of an equal question that was asked while this one waited, None if this caller may not.

        It is as new as an answer of its own would be, whatever has changed since.
        """
        now = time.monotonic()
        if held.key not in {asked.key, asked.own_key} or now >= held.ends or self.coherence.silent(now):
            return None
        return self._given(asked, held, now)

    def _given(self, asked: Asked, held: Held, now: float) -> Hit | None:
        """Judge, spend, and write the answer."""
        decision = decided(held, asked)
        if decision is None or not self._told(held, asked.caller, decision):
            return None
        shown = asked.headers.get(b"if-none-match") if held.tag else None
        had = shown is not None and (shown == held.tag or held.tag in listed(shown))
        free = had and decision.anybody and held.judged.cost < LONG
        if (spent := self._spent(held, asked.caller, decision, looked if free else taken)) is None:
            return None
        if held.judged.shown is not None and now - held.noted_at > NOTE_SECONDS:
            self.beside.uses.note_hash(held.judged.shown)
            held.noted_at = now
        self.counts.hits += 1
        unchanged = had or (shown is not None and b"*" in listed(shown))
        hit = self._written(held, asked, spent, unchanged=unchanged)
        if held.tally is not None:
            hit.tally = held.tally
            held.tally.hit(hit.status, len(hit.body))
        return hit

    def _told(self, held: Held, caller: Caller, decision: Decision) -> bool:
        """Whether the history knows of the caller: a credential's first use from each network is told to it."""
        shown = held.judged.shown
        if (shown is None and decision.anybody) or caller.neighbours == held.neighbours:
            return True
        return shown is not None and self.beside.history.knows(
            access.key_of_credential(held.login, shown, caller.neighbours)
        )

    def _spent(self, held: Held, caller: Caller, decision: Decision, spend: Spending) -> Spent | None:
        """Spend what the answer costs, as `spending` does; None if it is not left, and then nothing is spent."""
        judged, budgets = held.judged, self.beside.budgets
        network = Share(budgets.network, spending.stranger(caller.network, judged.shown), judged.cost)
        if judged.shown is None:
            public = [Share(budgets.account, held.login, judged.cost)] if decision.anybody else []
            return spend([network, *public])
        bearer, key = judged.evidence.grant.bearer, (judged.kind, judged.shown)
        if key in budgets.credential and judged.kind is not Kind.PUBLISHABLE:
            return spend([Share(budgets.credential, key, judged.cost)])
        quota = budgets.rates.of(bearer.reads_per_minute) if bearer else None
        spent = taken([network, Share(budgets.credential, key, judged.cost, quota)])
        if spent is None:
            return None
        network.give_back()
        return spent[1:]

    def _written(self, held: Held, asked: Asked, spent: Spent, *, unchanged: bool) -> Hit:
        """Write an answer, or that the caller has it already."""
        status, before, body = 200, held.before, held.body
        if unchanged:
            self.counts.unchanged += 1
            status, before, body = 304, held.bodiless, b""
        return Hit(status, [*before, *self._of_now(held, spent), *held.after, request_id(asked)], body)

    def _of_now(self, held: Held, spent: Spent) -> Headers:
        """Write what is left of the budgets, and how far the feed has come."""
        judged, v1 = held.judged, held.key_path.startswith(V1)
        found = spending.written([standing for _, standing in spent]) if v1 else []
        server = judged.evidence.server
        if server is not None:
            late = bool(judged.decision.redaction.delay_minutes)
            found += self.beside.freshness.told(server, state=v1, late=late)
        return found


def decided(held: Held, asked: Asked) -> Decision | None:
    """Judge again, now; None unless the same is granted."""
    was = held.judged
    ask = Ask(
        login=was.ask.login,
        function=was.ask.function,
        address=asked.caller.address,
        origin=was.ask.origin,
        at=datetime.now(UTC),
    )
    found = access.judge(was.evidence.grant, was.evidence.policy, ask)
    if found.granted is None or found.anybody is not was.decision.anybody or found.redaction != was.decision.redaction:
        return None
    return found


def listed(tags: bytes) -> set[bytes]:
    """Return the tags that a header lists; those that do not promise to be exact are as good for reading."""
    return {each.strip().removeprefix(b"W/") for each in tags.split(b",")}


def taken(shares: list[Share]) -> Spent | None:
    """Spend shares, all of them or none."""
    spent: Spent = []
    try:
        for share in shares:
            spent.append((share, share.take()))
    except Throttled:
        for share, _ in spent:
            share.give_back()
        return None
    return spent


def looked(shares: list[Share]) -> Spent | None:
    """Look at shares, and spend nothing: whether anything is new is to be asked often. None if they are not left."""
    found = [(share, share.standing) for share in shares]
    return None if any(standing.left < share.cost for share, standing in found) else found


def request_id(asked: Asked) -> tuple[bytes, bytes]:
    """Return the header of the id that the client gave its request, or of a new one."""
    given = asked.headers.get(b"x-request-id")
    if given is None or not GIVEN_ID.fullmatch(given):
        given = b"%016x" % random.getrandbits(64)  # no secret; each process that is forked draws anew
    return b"x-request-id", given
