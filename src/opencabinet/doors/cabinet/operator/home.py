"""Where operators begin."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from litestar import Response

from opencabinet.access import Signed
from opencabinet.access.operators import NoOperator
from opencabinet.doors.cabinet.menus.operator import SECTIONS
from opencabinet.doors.cabinet.operator.desk import Desk
from opencabinet.doors.cabinet.operator.handlers import look
from opencabinet.doors.wording import marked

PURPOSES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "/search": marked("Find accounts, people and partners."),
        "/people": marked("Who signs in, and whose accounts are theirs."),
        "/deletions": marked("Who wants to be deleted, and when that falls due."),
        "/applications": marked("Who asks for an account, and what became of it."),
        "/imports": marked("How feeds stand, and what does not add up."),
        "/partners": marked("Who refers clients, by which codes and plans."),
        "/plans": marked("The rules of rewards, and what others would come to."),
        "/rewards": marked("Hold, release, approve; answer disputes."),
        "/news": marked("Write, publish and withdraw news."),
        "/banners": marked("Pictures that partners show."),
        "/audit": marked("Who asked, who changed what, and whether the history is whole."),
        "/operators": marked("Who works here, and what they may do."),
    }
)
"""What each section is for."""


@look("", need=Signed.IN)
async def show_home(desk: Desk) -> Response[bytes]:
    """Show an operator what is theirs to do."""
    by = desk.by
    if not by.roles:
        raise NoOperator
    mine = [each for each in SECTIONS if each.duty and by.may(each.duty)]
    return desk.page("home.html", roles=by.roles, mine=mine, purposes=PURPOSES)
