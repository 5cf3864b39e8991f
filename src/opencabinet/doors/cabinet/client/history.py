"""The history of authorizations: who asked for the account from where, and what to do if it was somebody else."""

from typing import Any, Final

from litestar import Response

from opencabinet.access import Public, Signed
from opencabinet.doors.cabinet import seat
from opencabinet.doors.cabinet.client import fragments
from opencabinet.doors.cabinet.client.columns import word
from opencabinet.doors.cabinet.client.listing import Listing, listed
from opencabinet.doors.cabinet.forms import Form
from opencabinet.doors.cabinet.handlers import act, page
from opencabinet.doors.cabinet.visit import Visit
from opencabinet.doors.showing.definitions import cells
from opencabinet.doors.showing.definitions.cells import Given, Told
from opencabinet.doors.showing.model import Cell
from opencabinet.doors.wording import Words, marked

SHORT: Final = 24
ACTIONS: Final = {
    "token.request": marked("Signed in to the API"),
    "token.refresh": marked("Kept signed in"),
    "use": marked("First use from this network"),
    "read": marked("Read without a credential"),
    "policy.change": marked("Access rules changed"),
    "credential.change": marked("Password or key changed"),
    "credential.revoke": marked("Password, key or token revoked"),
    "session.begin": marked("Signed in to the cabinet"),
    "session.end": marked("Signed out of the cabinet"),
    "session.step_up": marked("Proved who they are"),
    "session.prove": marked("Showed the second factor"),
    "password.set": marked("Cabinet password set"),
    "password.code": marked("Code for a new password asked for"),
    "factor.add": marked("Second factor added"),
    "factor.remove": marked("Second factor removed"),
    "factor.reset": marked("Second factors reset"),
    "factor.codes": marked("Recovery codes made"),
    "person.link": marked("Owner signed up for the account"),
    "person.unlink": marked("Owner gave the account up"),
}
CHANNELS: Final = {
    "v1": marked("API"),
    "cabinet": marked("Cabinet"),
    "legacy": marked("Published API"),
    "peanut": marked("Mobile API"),
    "cli": marked("Operator"),
    "server": marked("Server"),
}


def granted(words: Words, value: Any, _given: Given) -> Cell:
    """Write whether something was let through."""
    return (
        Cell(text=words.gettext("Allowed"), tone="good") if value else Cell(text=words.gettext("Refused"), tone="bad")
    )


def address(_words: Words, value: Any, _given: Given) -> Cell:
    """Write where somebody asked from."""
    return Cell(text=str(value), value=str(value))


def program(_words: Words, value: Any, _given: Given) -> Cell:
    """Write how a program calls itself, shortly; browsers call themselves many things."""
    text = cells.foreign(str(value))
    return Cell(text=text if len(text) <= SHORT else f"{text[:SHORT]}…")


COLUMNS: Final = (
    Told(member="at", label=marked("Time, UTC"), write=cells.moment, kind="time"),
    Told(member="action", label=marked("What"), write=word(ACTIONS), kind="text"),
    Told(member="granted", label=marked("Outcome"), write=granted, kind="text"),
    Told(member="address", label=marked("From address"), write=address, kind="text"),
    Told(member="channel", label=marked("Way"), write=word(CHANNELS), kind="text"),
    Told(member="function", label=marked("Asked for"), write=word({}), kind="text"),
    Told(member="times", label=marked("Times"), write=cells.number),
    Told(member="user_agent", label=marked("Program"), write=program, kind="text"),
    Told(member="rule", label=marked("Decided by"), write=cells.text, kind="text"),
)
HISTORY: Final = Listing(
    path="/history",
    title=marked("Authorization history"),
    ask="authorizations",
    columns=COLUMNS,
    key="id",
    empty=marked("Nobody asked for anything within this period."),
    hint=marked("First uses, refusals and changes of access show here."),
    template="client/history.html",
)


@page("/accounts/{login}/history", need=Signed.IN)
async def list_history(visit: Visit) -> Response[bytes]:
    """List who asked for the account, from where, and whether they were let."""
    return await listed(visit, HISTORY)


@page("/accounts/{login}/history/not-me", need=Signed.IN)
async def ask_not_me(visit: Visit) -> Response[bytes]:
    """Ask whether everything is to be revoked, and say what that does."""
    return visit.page("client/not_me.html", login=visit.login(), failed=None)


@act("/accounts/{login}/history/not-me", need=Signed.IN)
async def say_not_me(visit: Visit, form: Form) -> Response[bytes]:
    """Revoke every token and key of the account, and sign its owner out everywhere."""
    del form
    login = visit.login()
    answer = await visit.ask(f"/v1/accounts/{login}/not-me", method="POST")
    if not answer.good:
        failed = fragments.failed(visit.words, answer)
        return visit.page("client/not_me.html", status=answer.status, login=login, failed=failed)
    gone = visit.go("/cabinet/signed-out")
    seat.forget(visit.request, gone)
    return gone


@page("/signed-out", need=Public.PUBLIC)
async def show_signed_out(visit: Visit) -> Response[bytes]:
    """Tell who said that it was not them what was done, and what is left to do."""
    return visit.page("client/signed_out.html")
