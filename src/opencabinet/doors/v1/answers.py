"""Answers: the bytes, and the headers that say how long they are good and who may keep them."""

from datetime import datetime
from email.utils import format_datetime
from hashlib import sha256
from typing import Any, Final, Protocol, get_args

import msgspec
from litestar import Request, Response
from msgspec import structs

from opencabinet.doors import caller, spending
from opencabinet.doors.holding import unsent
from opencabinet.doors.redacting import without
from opencabinet.doors.reply import Reply
from opencabinet.doors.v1.problems import PreconditionFailed, PreconditionNeeded
from opencabinet.doors.view import seen

JSON: Final = "application/json"
ENCODER: Final = msgspec.json.Encoder()


class Revised(Protocol):
    """Something that is changed, and shown as it looks to whoever asks, and now."""

    @property
    def revision(self) -> str:
        """What another change makes another: some hex digits."""


def answer(request: Request[Any, Any, Any], content: Any, fields: tuple[str, ...] | None, kind: Any) -> Response[bytes]:
    """Return an answer of some kind, or 304 where the caller has it already."""
    shown = without(content, seen(request))
    body = ENCODER.encode(chosen(shown, fields, kind) if fields else shown)
    tag = tag_of(content, body)
    headers = {"ETag": tag, **kept(request, getattr(content, "as_of", None))}
    held = {each.removeprefix("W/") for each in tags(request, "if-none-match")}
    if {tag, "*"} & held:
        if tag in held and caller.let(request).anybody and spending.cost_of(request) < spending.LONG:
            spending.give_back(request)  # a page that asks whether anything is new is to ask often
        unsent(request, JSON, body)
        return Response(b"", status_code=304, headers=headers, media_type=JSON)
    return Reply(body, JSON, headers=headers)


def written(content: Any, status: int, *, tagged: bool = False) -> Response[bytes]:
    """Return the answer to a change; nobody may keep it, for it may show a secret this once."""
    body = ENCODER.encode(content)
    headers = {"Cache-Control": "private, no-store"} | ({"ETag": tag_of(content, body)} if tagged else {})
    return Response(body, status_code=status, headers=headers, media_type=JSON)


def match(request: Request[Any, Any, Any], content: Revised) -> None:
    """Let a change through only if the caller knows what it changes: its revision counts, however it was shown.

    Raises:
        PreconditionNeeded: if it does not say what it knows; `*` says nothing.
        PreconditionFailed: if that is not what there is, or a tag that does not promise to be exact (`W/`).
    """
    shown = tags(request, "if-match") - {"*"}
    if not shown:
        raise PreconditionNeeded("Read it first, and show its ETag as If-Match.")
    if not any(each.startswith(f'"{content.revision}.') for each in shown):
        raise PreconditionFailed("Somebody else changed it meanwhile: read it again.")


def tag_of(content: Any, body: bytes) -> str:
    """Return the tag of an answer: of its bytes, after the revision of what it shows if it has one."""
    revision, own = getattr(content, "revision", None), digest(body)
    return f'"{revision}.{own}"' if revision else f'"{own}"'


def digest(data: bytes) -> str:
    """Return some hex digits that tell bytes apart."""
    return sha256(data).hexdigest()[:32]


def kept(request: Request[Any, Any, Any], as_of: str | None) -> dict[str, str]:
    """Return who may keep an answer, and of when it is.

    What everybody may read may be kept, but is asked for again each time, so that closing an account works at once.
    """
    anybody = caller.let(request).anybody
    found = {"Cache-Control": "public, no-cache" if anybody else "private, no-store"}
    if anybody:
        found["Access-Control-Allow-Origin"] = caller.page(request) or "*"
        found["Access-Control-Expose-Headers"] = (
            "ETag, RateLimit, RateLimit-Policy, X-Account-Source, X-Feed-As-Of, X-Feed-State, X-Request-Id"
        )
    if as_of:
        moment = datetime.fromisoformat(as_of)
        found["Last-Modified"] = format_datetime(moment.replace(microsecond=0), usegmt=True)
    return found


def tags(request: Request[Any, Any, Any], name: str) -> set[str]:
    """Return the tags that a header lists, as they are given."""
    given = ",".join(request.headers.getall(name, []))
    return {tag.strip() for tag in given.split(",") if tag.strip()}


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
