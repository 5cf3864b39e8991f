"""Answers: a rendering of what v1 said, with a strong tag where everybody may have it."""

import hashlib
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from litestar import Request, Response
from msgspec import structs

from opencabinet.doors.reply import Reply
from opencabinet.doors.showing import asking
from opencabinet.doors.showing.asking import Told
from opencabinet.doors.showing.model import Refused
from opencabinet.doors.showing.once import Once
from opencabinet.doors.showing.options import Options
from opencabinet.doors.showing.png import Painter
from opencabinet.doors.showing.refusing import wrongly_set
from opencabinet.doors.widgets import headers
from opencabinet.doors.widgets.asked import Asked, Place, read
from opencabinet.doors.widgets.renderings import RENDERINGS, Rendering
from opencabinet.doors.widgets.writing import key_of
from opencabinet.doors.wording import words

WRITER: Final = Once("writing", room=16 * 2**20, most=64)
PAINTER: Final = Painter()
FINE: Final = 2
"""Pixels of a picture for each of the page."""


async def answer(request: Request[Any, Any, Any], place: Place) -> Response[bytes]:
    """Answer with a rendering of a widget: of its figures, or of why there are none."""
    asked, rendering = read(request, place), RENDERINGS[place.ending]
    told = await telling(request, asked)
    if isinstance(told, Refused):
        return await refusal(asked, told)
    body = await written(asked, rendering, told)
    kept = headers.kept(asked, open_=opened(asked, told))
    return tagged(request, body, rendering.kind, {**rendering.headers, **kept})


async def telling(request: Request[Any, Any, Any], asked: Asked) -> Sequence[Told] | Refused:
    """Return what v1 tells of a widget, or why there are no figures; what cannot be read is not asked."""
    place = asked.place
    if asked.wrong is not None:
        return wrongly_set(place.widget, place.login, words(asked.options.lang), asked.wrong)
    told = await asking.asked(request, place.widget, place.login, asked.options, asked.as_)
    return asking.problem_of(place.widget, place.login, asked.options, told, asked.as_) or told


async def written(asked: Asked, rendering: Rendering, told: Sequence[Told]) -> bytes:
    """Return a rendering of what v1 told."""
    place = asked.place

    def write() -> bytes:
        return rendering.write(asked, asking.showing(place.widget, place.login, asked.options, told))

    return await painted(rendering, await WRITER.give(key_of(asked, rendering.write.__name__, told), write))


async def painted(rendering: Rendering, body: bytes) -> bytes:
    """Return what was written, painted if it is a picture of pixels."""
    return await PAINTER.png(body.decode(), scale=FINE) if rendering.painted else body


def opened(asked: Asked, told: Sequence[Told]) -> bool:
    """Whether everybody may have this: it is of nobody, or v1 said so, and so there is a link to look it up."""
    return asked.place.widget.of == "nobody" or asking.honesty(asked.options, told).link is not None


def tagged(request: Request[Any, Any, Any], body: bytes, kind: str, told: Mapping[str, str]) -> Response[bytes]:
    """Return an answer, or that the caller has it already; what nobody may keep has no tag."""
    if told["Cache-Control"] == headers.NEVER:
        return Reply(body, kind, headers=told)
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    had = {each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")}
    if had & {tag, "*"}:
        return Response(b"", status_code=HTTPStatus.NOT_MODIFIED, media_type=kind, headers={**told, "ETag": tag})
    return Reply(body, kind, headers={**told, "ETag": tag})


async def refusal(asked: Asked, found: Refused) -> Response[bytes]:
    """Return a rendering of why there are no figures; nobody may keep it."""
    rendering = RENDERINGS[asked.place.ending]
    kept = {**rendering.headers, **headers.kept(asked, open_=False)}
    if found.retry_seconds:
        kept["Retry-After"] = str(found.retry_seconds)
    if found.closed:
        kept["WWW-Authenticate"] = 'Bearer realm="OpenCabinet"'
    kind = rendering.refused or rendering.kind
    if rendering.painted and found.status == HTTPStatus.TOO_MANY_REQUESTS:
        asked, found = plainly(asked, found)
    body = await painted(rendering, rendering.write(asked, found))
    return Response(body, status_code=found.status, media_type=kind, headers=kept)


def plainly(asked: Asked, found: Refused) -> tuple[Asked, Refused]:
    """Return a refusal as all are shown it: to paint one for each who asks too often would cost more than to answer."""
    look = asked.options
    usual = Options(today=look.today, lang=look.lang, theme=look.theme)
    return structs.replace(asked, options=usual), structs.replace(found, login=None, request_id=None)
