"""What v1 refuses, as pages take it: who must prove who they are is sent there, all else is said where it was asked."""

from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

from opencabinet.access.people import StepUpNeeded
from opencabinet.doors.cabinet.client.fragments import Failed
from opencabinet.doors.cabinet.visit import NotTheirs, Visit
from opencabinet.doors.showing.refusing import said as refusing
from opencabinet.doors.within import Answer
from opencabinet.doors.wording import marked

NOT_DONE: Final = marked("This was not done")
SAID: Final = frozenset(
    {HTTPStatus.BAD_REQUEST, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT}
    | {HTTPStatus.UNPROCESSABLE_ENTITY}
)
"""Statuses whose problems say what is wrong with what was typed, or with doing it now."""


def problem(answer: Answer) -> dict[str, Any]:
    """Return what v1 says is wrong; nothing where it says nothing."""
    kind = answer.headers.get("content-type", "")
    found: Any = answer.json if kind.endswith("json") else {}
    return found if isinstance(found, dict) else {}


def wrong(visit: Visit, answer: Answer) -> Failed:
    """Return why v1 refused something.

    Raises:
        StepUpNeeded: if whoever asks must first prove once more who they are.
        NotTheirs: if the account was taken away from them meanwhile.
    """
    told = problem(answer)
    if told.get("code") == "proof_needed":
        raise StepUpNeeded
    if answer.status == HTTPStatus.UNAUTHORIZED:
        raise NotTheirs
    heading, text = refusing(answer.status, shown=True)
    words, said = visit.words, answer.status in SAID
    if said:
        heading, text = NOT_DONE, ""
    return Failed(
        status=answer.status,
        heading=words.gettext(heading),
        text=words.gettext(text) if text else "",
        detail=told.get("detail") if said else None,
        request_id=None if said else told.get("request_id"),
    )


def piece(visit: Visit) -> str:
    """Return the id that a path names, as it stands in a path of v1."""
    return quote(str(visit.request.path_params["id"]), safe="")


def once(name: str) -> dict[str, str]:
    """Return the header by which a change is made once, however often its form is sent; none for a foreign name."""
    return {"Idempotency-Key": name} if name.isascii() and name.isalnum() else {}
