"""How pages look: in which language, light or dark."""

from typing import Final

from litestar import Response

from opencabinet.access import Public, people
from opencabinet.doors import lending
from opencabinet.doors.cabinet.forms import Form
from opencabinet.doors.cabinet.handlers import act
from opencabinet.doors.cabinet.seat import secure
from opencabinet.doors.cabinet.visit import LANGUAGE_COOKIE, THEME_COOKIE, THEMES, Visit, way_back
from opencabinet.doors.wording import LANGUAGES

YEAR: Final = 366 * 24 * 3600


@act("/look", need=Public.PUBLIC)
async def choose_look(visit: Visit, form: Form) -> Response[bytes]:
    """Keep how pages are to look: with the person where somebody is signed in, and in the browser."""
    language, theme = form.text("language"), form.text("theme")
    chosen = {
        LANGUAGE_COOKIE: language if language in LANGUAGES else None,
        THEME_COOKIE: theme if theme in THEMES else None,
    }
    if visit.seated:
        async with lending.borrowed(visit.request) as conn:
            await people.set_look(conn, visit.person.session.person, **chosen)
    answer = visit.go(way_back(form.text("back", longest=1200)))
    https = secure(visit.request)
    for name, value in chosen.items():
        if value:
            answer.set_cookie(name, value, YEAR, path="/cabinet", httponly=True, secure=https, samesite="lax")
    return answer
