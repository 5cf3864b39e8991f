"""What is seen of a widget: what a stranger reads of it, by v1's preview, and the owner's own figures."""

from contextlib import suppress
from http import HTTPStatus
from typing import Any, Final

import msgspec
from litestar import Response
from msgspec import Struct

from opencabinet.access import Signed
from opencabinet.doors.cabinet.builder.shaping import of_account, of_partner
from opencabinet.doors.cabinet.builder.wanted import Wanted
from opencabinet.doors.cabinet.handlers import page
from opencabinet.doors.cabinet.visit import Visit
from opencabinet.doors.showing import asking
from opencabinet.doors.showing.html import html

LONGEST: Final = 6000
"""Letters of an answer that are shown."""
LEVEL: Final = 3


class Read(Struct, frozen=True, kw_only=True):
    """What a stranger is answered: where they ask, the status, and the answer as it is read."""

    target: str
    status: int
    text: str

    @property
    def open(self) -> bool:
        """Whether they are told what they ask."""
        return self.status == HTTPStatus.OK


@page("/accounts/{login}/widgets/stranger", need=Signed.IN)
async def show_stranger(visit: Visit) -> Response[bytes]:
    """Show what a stranger reads of an account's widget."""
    return await stranger(visit, of_account(visit))


@page("/partners/{login}/widgets/stranger", need=Signed.IN)
async def show_partner_stranger(visit: Visit) -> Response[bytes]:
    """Show what a stranger reads of a partner's widget."""
    return await stranger(visit, of_partner(visit))


@page("/accounts/{login}/widgets/own", need=Signed.IN)
async def show_own(visit: Visit) -> Response[bytes]:
    """Show an account's widget with its figures, as those see it who may."""
    return await own(visit, of_account(visit))


@page("/partners/{login}/widgets/own", need=Signed.IN)
async def show_partner_own(visit: Visit) -> Response[bytes]:
    """Show a partner's widget with its figures, as those see it who may."""
    return await own(visit, of_partner(visit))


async def stranger(visit: Visit, asked: Wanted) -> Response[bytes]:
    """Show what v1's preview says of the very addresses that the widget asks."""
    read = [] if asked.widget.of == "nobody" else await answers(visit, asked)
    return visit.page("builder/stranger.html", asked=asked, read=read, open=all(each.open for each in read))


async def answers(visit: Visit, asked: Wanted) -> list[Read]:
    """Return what a stranger is answered to each question of a widget."""
    options, found = asked.options(visit.words.language), []
    for question in asked.widget.questions:
        target = asking.address(question, asked.whose, dict(question.query(options)))
        where = f"/v1/accounts/{asked.login}/access-policy/preview"
        answer = await visit.ask(where, method="POST", body={"path": target})
        found.append(
            glimpse(target, answer.json) if answer.good else Read(target=target, status=answer.status, text="")
        )
    return found


def glimpse(target: str, given: Any) -> Read:
    """Return what a preview shows, laid out for people."""
    text: str = given["body"]
    with suppress(msgspec.DecodeError):
        text = msgspec.json.format(text, indent=2)
    cut = text if len(text) <= LONGEST else text[:LONGEST] + "\n…"
    return Read(target=target, status=given["status"], text=cut)


async def own(visit: Visit, asked: Wanted) -> Response[bytes]:
    """Show the figures as those see them who may, on a light ground and on a dark one."""
    options = asked.options(visit.words.language)
    shown = await asking.shown(visit.request, asked.widget, asked.whose, options, visit.as_person)
    return visit.page("builder/own.html", asked=asked, widget=html(shown, level=LEVEL), theme=options.theme)
