"""Changes that are made once, however often they are asked for: `Idempotency-Key` (draft-ietf-httpapi-idempotency-key).

The answer is kept in the transaction of the change, so there is no moment at which one is there without the other. It
is sealed, for it may show a secret. What is refused changes nothing: nothing is kept of it, and it may be asked again.
"""

import re
from collections.abc import Awaitable, Callable
from hashlib import sha256
from typing import Any, Final

from litestar import Request, Response

from opencabinet.access import Kind
from opencabinet.db import Connection, replays
from opencabinet.db.replays import Kept
from opencabinet.doors import caller
from opencabinet.doors.body import whole
from opencabinet.doors.v1 import answers
from opencabinet.doors.v1.bodies import JSON
from opencabinet.doors.v1.problems import Invalid, KeyReused, StillRunning
from opencabinet.kernel.ids import Login
from opencabinet.kernel.sealing import seal, unseal

HEADER: Final = "Idempotency-Key"
REPLAYED: Final = "Idempotent-Replayed"
GIVEN: Final = re.compile(r"[\x21-\x7e]{1,255}")
SEPARATOR: Final = b"\0"
NOBODY: Final = Login(0)
"""Whose answers are kept where no account is asked."""


def key_of(request: Request[Any, Any, Any]) -> bytes | None:
    """Return what the caller calls this change by, hashed with who calls, or None where it has no name.

    Tokens of an account are one caller, whichever is shown: who lost an answer may need a new one to ask again. Where
    anybody may ask, nobody has names of their own: one is good together with what was asked by it.

    Raises:
        Invalid: if it is none that may be given.
    """
    given = request.headers.getall(HEADER.lower(), [])
    if not given:
        return None
    if len(given) > 1 or not GIVEN.fullmatch(given[0]):
        raise Invalid(HEADER, f"{HEADER} is given once, as 1 to 255 visible ASCII characters.")
    bearer = caller.bearer(request)
    own = f"key {bearer.id}" if bearer and bearer.kind is Kind.SERVER else "the account"
    return sha256(SEPARATOR.join((own.encode(), given[0].encode()))).digest()


async def question_of(request: Request[Any, Any, Any]) -> bytes:
    """Return the digest of what is asked: method, path, query and body."""
    scope = request.scope
    asked = (scope["method"].encode(), scope["raw_path"], scope["query_string"], await whole(request))
    return sha256(SEPARATOR.join(sha256(each).digest() for each in asked)).digest()


async def answered(
    request: Request[Any, Any, Any], conn: Connection, key: bytes, status: int, change: Callable[[], Awaitable[Any]]
) -> Response[bytes]:
    """Return the answer to a change, which is made unless it was already.

    Raises:
        StillRunning: if it is being made now.
        KeyReused: if something else was asked by this key.
    """
    login, question = caller.let(request).granted or NOBODY, await question_of(request)
    if login == NOBODY:
        key = sha256(SEPARATOR.join((key, question))).digest()
    sealing, owner = request.app.state.answers_key, b"%d " % login + key + question
    async with conn.transaction():
        if not await replays.hold(conn, login, key):
            raise StillRunning
        if kept := await replays.find(conn, login, key):
            if kept.question != question:
                raise KeyReused
            return replayed(kept, unseal(sealing, kept.answer, owner))
        answer = answers.written(await change(), status)
        await replays.keep(conn, login, key, question, status, seal(sealing, answer.content, owner))
    return answer


def replayed(kept: Kept, body: bytes | None) -> Response[bytes]:
    """Return an answer once more.

    Raises:
        KeyReused: if it was sealed under another key file: what was answered is not known any more.
    """
    if body is None:
        raise KeyReused("What was answered by this key cannot be read any more.")
    headers = {"Cache-Control": "private, no-store", REPLAYED: "true"}
    return Response(body, status_code=kept.status, headers=headers, media_type=JSON)
