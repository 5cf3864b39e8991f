"""Posting one event: bounded in time and size, following nothing, believing nothing that is answered."""

import asyncio
import ssl
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

import certifi
import httpcore
from msgspec import structs

from opencabinet.webhooks.deliveries.model import Answer
from opencabinet.webhooks.sending.addresses import BadAddress, Reach, place
from opencabinet.webhooks.sending.guard import Guarded, Resolve, Resolver

CONNECT_SECONDS: Final = 5.0
WHOLE_SECONDS: Final = 15.0
MOST_READ: Final = 64 * 1024
SHOWN: Final = 1_024
MOST_SENT: Final = 50
LONGEST_OUTCOME: Final = 200
LONGEST_SECONDS: Final = 9
"""Digits of the longest pause that is read."""


class Client:
    """Sends events; each on a connection of its own, so that the address is judged each time.

    Not a client that also follows redirects, keeps cookies, unpacks answers and reads proxies from the environment.
    """

    def __init__(
        self,
        reach: Reach,
        *,
        trusted: ssl.SSLContext | None = None,
        resolve: Resolve | None = None,
        seconds: float = WHOLE_SECONDS,
    ) -> None:
        self.reach = reach
        self.seconds = seconds
        self._own = None if resolve else Resolver()
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=trusted or trusting(),
            max_connections=MOST_SENT,
            max_keepalive_connections=0,
            network_backend=Guarded(reach, resolve or self._own or Resolver()),
        )

    async def close(self) -> None:
        """Close every connection."""
        await self._pool.aclose()
        if self._own:
            self._own.close()

    async def post(self, url: str, body: bytes, headers: dict[str, str]) -> Answer:
        """Send a body once, and return what became of it; nothing is raised for what a receiver does."""
        begun = time.monotonic()
        try:
            async with asyncio.timeout(self.seconds):
                found = await self._exchange(url, body, headers)
        except (BadAddress, httpcore.ConnectError, OSError) as wrong:
            late = isinstance(wrong, TimeoutError)
            found = failed(f"no answer within {self.seconds:g} seconds" if late else reason(wrong))
        except httpcore.TimeoutException as late:
            found = failed(f"too slow: {type(late).__name__}")
        except (httpcore.NetworkError, httpcore.ProtocolError) as wrong:
            found = failed(f"the answer broke off or is no HTTP: {type(wrong).__name__}")
        return structs.replace(found, milliseconds=int((time.monotonic() - begun) * 1000))

    async def _exchange(self, url: str, body: bytes, headers: dict[str, str]) -> Answer:
        where = place(url, self.reach)
        asked = httpcore.URL(scheme=where.scheme, host=where.host, port=where.port, target=where.target)
        sent = [
            ("Host", where.authority),
            ("Content-Type", "application/json"),
            ("User-Agent", "OpenCabinet-Webhooks"),
            *headers.items(),
        ]
        limits = dict.fromkeys(("read", "write", "pool"), self.seconds) | {"connect": CONNECT_SECONDS}
        async with self._pool.stream(
            "POST", asked, headers=sent, content=body, extensions={"timeout": limits}
        ) as answer:
            read = await beginning(answer)
            pause = next((value for name, value in answer.headers if name.lower() == b"retry-after"), None)
            return Answer(
                status=answer.status,
                outcome="taken" if 200 <= answer.status < 300 else "refused",  # noqa: PLR2004 - success
                body=printable(read),
                retry_after=seconds_of(pause),
            )


def trusting() -> ssl.SSLContext:
    """Return what says which receivers are who they say: the machine's authorities and the usual ones."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


async def beginning(answer: httpcore.Response) -> bytes:
    """Read an answer to its end, or to as much as is read at most, and return how it begins."""
    kept, read = b"", 0
    async for part in answer.aiter_stream():
        kept += part[: SHOWN - len(kept)]
        read += len(part)
        if read >= MOST_READ:
            break
    return kept


def printable(read: bytes) -> str:
    """Return bytes as text without control characters, whatever they are."""
    text = read.decode("utf-8", "replace")
    return "".join(letter if letter.isprintable() or letter in "\n\t" else "\ufffd" for letter in text)[:SHOWN]


def seconds_of(pause: bytes | None) -> int | None:
    """Return how long a receiver asks to wait, told in seconds or as a moment, or None if it cannot be read."""
    text = (pause or b"").decode("ascii", "replace").strip()
    if text.isdecimal() and text.isascii():
        return int(text[:LONGEST_SECONDS])
    try:
        moment = parsedate_to_datetime(text)
        return max(0, int((moment.astimezone(UTC) - datetime.now(UTC)).total_seconds()))
    except (ValueError, OverflowError, TypeError):
        return None


def reason(wrong: Exception) -> str:
    """Say why nothing was sent, without what only whoever looks for our network wants to know."""
    if isinstance(wrong, BadAddress):
        return wrong.detail
    inner: BaseException | None = wrong
    while inner is not None:
        if isinstance(inner, ssl.SSLCertVerificationError):
            return f"the certificate is not good: {inner.verify_message}"[:LONGEST_OUTCOME]
        if isinstance(inner, ssl.SSLError):
            return "the receiver speaks no TLS that is spoken here"
        inner = inner.__cause__ or inner.__context__
    told = str(wrong)
    return told if told.startswith("the host ") else "the receiver cannot be connected to"


def failed(outcome: str) -> Answer:
    """Return what became of an attempt that nobody answered."""
    return Answer(status=None, outcome=outcome[:LONGEST_OUTCOME])
