"""What the form of the matrix does: it is sent to one place whatever button is pressed, or a part of it elsewhere."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from litestar import Response

from opencabinet.access import Signed
from opencabinet.doors.cabinet.access.looking import previewing, simulating
from opencabinet.doors.cabinet.access.policy import adding, reviewing, saving
from opencabinet.doors.cabinet.forms import Form
from opencabinet.doors.cabinet.handlers import act
from opencabinet.doors.cabinet.visit import Visit

BUTTONS: Final[Mapping[str, Callable[[Visit, Form], Awaitable[Response[bytes]]]]] = {
    "review": reviewing,
    "preview": previewing,
    "simulate": simulating,
}
"""What is done by which button where no script runs; any other saves."""


@act("/accounts/{login}/access", need=Signed.IN)
async def save_policy(visit: Visit, form: Form) -> Response[bytes]:
    """Save what was typed, or do what another button of the form is for."""
    if form.text("adds", longest=32):
        return await adding(visit, form)
    return await BUTTONS.get(form.text("does", longest=16), saving)(visit, form)


@act("/accounts/{login}/access/draft", need=Signed.IN)
async def change_draft(visit: Visit, form: Form) -> Response[bytes]:
    """Show the form again with one's own address added to a row; nothing is saved."""
    return await adding(visit, form)


@act("/accounts/{login}/access/review", need=Signed.IN)
async def review_draft(visit: Visit, form: Form) -> Response[bytes]:
    """Show what saving what was typed would change."""
    return await reviewing(visit, form)


@act("/accounts/{login}/access/preview", need=Signed.IN)
async def preview(visit: Visit, form: Form) -> Response[bytes]:
    """Show exactly what a stranger is answered under the rules that were typed."""
    return await previewing(visit, form)


@act("/accounts/{login}/access/simulate", need=Signed.IN)
async def simulate(visit: Visit, form: Form) -> Response[bytes]:
    """Show who could read what under the rules that were typed, and by which of them."""
    return await simulating(visit, form)
