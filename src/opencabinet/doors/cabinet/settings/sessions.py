"""Where somebody is signed in, and ending that."""

from functools import partial
from typing import Final

from litestar import Response

from opencabinet.access import Signed, people
from opencabinet.doors import caller, lending
from opencabinet.doors.cabinet.forms import Form
from opencabinet.doors.cabinet.handlers import act, page
from opencabinet.doors.cabinet.visit import Visit
from opencabinet.doors.wording import Words, marked

HERE: Final = "/cabinet/settings/sessions"
PROGRAMS: Final = (
    *(("Edg/", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"), ("Firefox/", "Firefox")),
    *(("FxiOS/", "Firefox"), ("CriOS/", "Chrome"), ("Chromium/", "Chromium"), ("Chrome/", "Chrome")),
    *(("Safari/", "Safari"), ("curl/", "curl")),
)
"""Programs by what they say of themselves; each says what later ones do, too."""
DEVICES: Final = (
    *(("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "Mac")),
    *(("CrOS", "ChromeOS"), ("Linux", "Linux")),
)
LARGEST: Final = 2**63 - 1


@page("/settings/sessions", need=Signed.IN)
async def show_sessions(visit: Visit) -> Response[bytes]:
    """Show where somebody is signed in."""
    session = visit.person.session
    async with lending.borrowed(visit.request) as conn:
        places = await people.places(conn, session.person, session.id)
    return visit.page("settings/sessions.html", places=places, program=partial(program, visit.words))


def program(words: Words, agent: str) -> str:
    """Return what a program calls itself, shortly: its name and the device, as far as they are known."""
    name = next((each for mark, each in PROGRAMS if mark in agent), "")
    device = next((each for mark, each in DEVICES if mark in agent), "")
    if name and device:
        return words.gettext("%(program)s on %(device)s") % {"program": name, "device": device}
    return name or device or agent.partition("/")[0][:40] or words.gettext("Unknown program")


@act("/settings/sessions/end", need=Signed.IN)
async def end_session(visit: Visit, form: Form) -> Response[bytes]:
    """End a session of whoever is signed in."""
    text = form.text("session", longest=19)
    number = int(text) if text.isascii() and text.isdigit() else 0
    async with lending.borrowed(visit.request) as conn:
        means, source = visit.request.app.state.means, caller.source(visit.request)
        ended = await people.end_session(conn, means, visit.person.session, min(number, LARGEST), source)
    said = marked("That session is ended.") if ended else marked("That session had ended already.")
    return visit.go(HERE, told=visit.words.gettext(said))


@act("/settings/sessions/end-others", need=Signed.IN)
async def end_others(visit: Visit, form: Form) -> Response[bytes]:
    """End every other session of whoever is signed in."""
    del form
    session = visit.person.session
    async with lending.borrowed(visit.request) as conn:
        means, source = visit.request.app.state.means, caller.source(visit.request)
        ended = await people.end_sessions(conn, means, session.person, source, besides=session)
    words = visit.words
    return visit.go(
        HERE, told=words.ngettext("%(num)s session is ended.", "%(num)s sessions are ended.", ended) % {"num": ended}
    )
