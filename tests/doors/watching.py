"""Counting what is done for an answer."""

import hashlib
import hmac
from collections import Counter
from collections.abc import Callable
from typing import Any

import httpx
import psycopg
import pytest
from argon2 import PasswordHasher

from opencabinet.access.history.store import CHANGED, TELL
from opencabinet.access.throttles.store import GIVE_BACK, KNOW
from opencabinet.db.outbox.store import APPEND
from opencabinet.ingest.feeds.standing.store import KNOWN

COUNTING = ("ratelimit", "x-ratelimit-remaining", "x-ratelimit-reset")
"""Headers that count down from one request to the next."""
ASIDE = frozenset({TELL, KNOWN})
"""Statements that are run beside the requests, at times of their own."""
OF_A_NEW_NETWORK = (KNOW, APPEND)
"""What a right guess costs besides where its network is new: it is known from now on, and the account is told."""
Seen = tuple[int, bytes, dict[str, str], Counter[str]]


class Watch:
    """Counts the statements run and the hashes made, by name."""

    def __init__(self, site: httpx.AsyncClient) -> None:
        self.site = site
        self.done: Counter[str] = Counter()

    def counting(self, name: Callable[..., str], work: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any, **kwargs: Any) -> Any:
            if (named := name(*args)) not in ASIDE:
                self.done[named] += 1
            return work(*args, **kwargs)

        return counted

    def seen(self, answer: httpx.Response) -> Seen:
        """Return all that an answer tells, with the work done for it; the request's id is new each time."""
        headers = {name: value for name, value in answer.headers.items() if name != "x-request-id"}
        done, self.done = self.done, Counter()
        return answer.status_code, answer.content, headers, done


def uncounted(headers: httpx.Headers) -> dict[str, str]:
    """Return headers but for those that differ from one request to the next whatever is asked."""
    return {name: value for name, value in headers.items() if name not in COUNTING}


def only_more(right: Counter[str], wrong: Counter[str], *besides: str) -> bool:
    """Whether a right guess did all that a wrong one does, and then told of it, gave the slots back and what is named.

    None of these is done for a wrong one, and nothing is done for that alone.
    """
    more = right - wrong
    return more == Counter((CHANGED, GIVE_BACK, *besides)) and not set(more) & set(wrong) and not wrong - right


async def watched(site: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, warm: str) -> Watch:
    """Return what watches a site from now on; a look at `warm` opens the pool's first connection."""
    made = Watch(site)
    for module, name in ((hmac, "digest"), (hashlib, "sha256")):
        work = getattr(module, name)
        monkeypatch.setattr(module, name, made.counting(lambda *_, named=name: named, work))
    monkeypatch.setattr(PasswordHasher, "verify", made.counting(lambda *_: "verify", PasswordHasher.verify))
    execute = psycopg.AsyncCursor.execute
    monkeypatch.setattr(psycopg.AsyncCursor, "execute", made.counting(lambda *args: str(args[1]), execute))
    await site.get(warm)
    made.done.clear()
    return made
