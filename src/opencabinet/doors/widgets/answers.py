"""Answers: a rendering of what v1 said, with a strong tag where everybody may have it."""

import hashlib
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from litestar import Request, Response

from opencabinet.doors.reply import Reply
from opencabinet.doors.showing.asking import shown
from opencabinet.doors.showing.model import Refused, Shown
from opencabinet.doors.showing.refusing import wrongly_set
from opencabinet.doors.widgets import headers
from opencabinet.doors.widgets.asked import Asked, Place, read
from opencabinet.doors.widgets.renderings import RENDERINGS, Rendering
from opencabinet.doors.wording import words


async def answer(request: Request[Any, Any, Any], place: Place) -> Response[bytes]:
    """Answer with a rendering of a widget: of its figures, or of why there are none."""
    asked = read(request, place)
    found, rendering = await told(request, asked), RENDERINGS[place.ending]
    if isinstance(found, Refused):
        return await refusal(asked, found, rendering)
    body = await rendering.write(asked, found)
    return tagged(request, body, rendering.kind, {**rendering.headers, **headers.kept(asked, open_=opened(found))})


async def told(request: Request[Any, Any, Any], asked: Asked) -> Shown | Refused:
    """Ask v1; what cannot be read is not asked."""
    place = asked.place
    if asked.wrong is not None:
        return wrongly_set(place.widget, place.login, words(asked.options.lang), asked.wrong)
    return await shown(request, place.widget, place.login, asked.options, asked.as_)


def opened(found: Shown) -> bool:
    """Whether everybody may have this: v1 said so, and so there is a link to look it up."""
    return found.honesty.link is not None


def tagged(request: Request[Any, Any, Any], body: bytes, kind: str, told: Mapping[str, str]) -> Response[bytes]:
    """Return an answer, or that the caller has it already; what nobody may keep has no tag."""
    if told["Cache-Control"] == headers.NEVER:
        return Reply(body, kind, headers=told)
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    had = {each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")}
    if had & {tag, "*"}:
        return Response(b"", status_code=HTTPStatus.NOT_MODIFIED, media_type=kind, headers={**told, "ETag": tag})
    return Reply(body, kind, headers={**told, "ETag": tag})


async def refusal(asked: Asked, found: Refused, rendering: Rendering) -> Response[bytes]:
    """Return a rendering of why there are no figures; nobody may keep it."""
    kept = {**rendering.headers, **headers.kept(asked, open_=False)}
    if found.retry_seconds:
        kept["Retry-After"] = str(found.retry_seconds)
    if found.closed:
        kept["WWW-Authenticate"] = 'Bearer realm="OpenCabinet"'
    kind = rendering.refused or rendering.kind
    return Response(await rendering.write(asked, found), status_code=found.status, media_type=kind, headers=kept)
