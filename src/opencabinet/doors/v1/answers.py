"""Answers: the bytes, and the headers that say how long they are good and who may keep them."""

from datetime import datetime
from email.utils import format_datetime
from hashlib import sha256
from typing import Any, Final, get_args

import msgspec
from litestar import Request, Response
from msgspec import structs

from opencabinet.doors.redacting import without
from opencabinet.doors.view import seen

JSON: Final = "application/json"
ENCODER: Final = msgspec.json.Encoder()


def answer(request: Request[Any, Any, Any], content: Any, fields: tuple[str, ...] | None, kind: Any) -> Response[bytes]:
    """Return an answer of some kind, or 304 where the caller has it already."""
    shown = without(content, seen(request))
    body = ENCODER.encode(chosen(shown, fields, kind) if fields else shown)
    tag = f'"{sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": tag, **kept(request, getattr(content, "as_of", None))}
    if {tag, "*"} & known_tags(request):
        return Response(b"", status_code=304, headers=headers, media_type=JSON)
    return Response(body, headers=headers, media_type=JSON)


def kept(request: Request[Any, Any, Any], as_of: str | None) -> dict[str, str]:
    """Return who may keep an answer, and of when it is.

    What everybody may read may be kept, but is asked for again each time, so that closing an account works at once.
    """
    anybody = bool(getattr(request.state, "anybody", False))
    found = {"Cache-Control": "public, no-cache" if anybody else "private, no-store"}
    if anybody:
        found["Access-Control-Allow-Origin"] = "*"
        found["Access-Control-Expose-Headers"] = "ETag, X-Feed-As-Of, X-Request-Id"
    if as_of:
        moment = datetime.fromisoformat(as_of)
        found["Last-Modified"] = format_datetime(moment.replace(microsecond=0), usegmt=True)
        # How far the feed is would tell what is newer than the delay.
        if seen(request).until is None:
            found["X-Feed-As-Of"] = as_of
    return found


def known_tags(request: Request[Any, Any, Any]) -> set[str]:
    """Return the tags of what the caller has."""
    given = ",".join(request.headers.getall("if-none-match", []))
    return {tag.strip().removeprefix("W/") for tag in given.split(",")}


def chosen(content: Any, fields: tuple[str, ...], kind: Any) -> Any:
    """Return only some members of an answer, of those it has; of a list, of its rows."""
    given = msgspec.to_builtins(content)
    if kind is row_of(kind):
        return picked(given, fields)
    return {**given, "data": [picked(row, fields) for row in given["data"]]}


def picked(given: dict[str, Any], fields: tuple[str, ...]) -> dict[str, Any]:
    """Return some members, without those that are left out."""
    return {name: given[name] for name in fields if name in given}


def members(kind: Any) -> tuple[str, ...]:
    """Return the names of the members of an answer; of a list, of its rows."""
    return tuple(field.encode_name for field in structs.fields(row_of(kind)))


def row_of(kind: Any) -> Any:
    """Return what a list is of, or the kind itself if it is no list."""
    return (get_args(kind) or (kind,))[0]
