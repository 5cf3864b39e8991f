"""What a trade would bring a partner, before anybody makes it."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from litestar import Response

from opencabinet.access import Signed
from opencabinet.doors.cabinet.access import refusing
from opencabinet.doors.cabinet.forms import Form
from opencabinet.doors.cabinet.handlers import act, page
from opencabinet.doors.cabinet.partner import arithmetic
from opencabinet.doors.cabinet.partner.sections import target
from opencabinet.doors.cabinet.visit import Visit
from opencabinet.doors.showing.definitions import cells
from opencabinet.doors.showing.definitions.partners import KINDS
from opencabinet.doors.wording import marked

USUAL: Final[Mapping[str, str]] = {
    "symbol": "EURUSD",
    "side": "buy",
    "lots": "1",
    "contract_size": "100000",
    "digits": "5",
    "open_price": "1.08500",
    "close_price": "1.08600",
    "held_seconds": "3600",
    "profit": "0",
    "commission": "0",
    "swap": "0",
    "currency": "USD",
    "level": "0",
    "month_lots": "0",
}
COUNTED: Final = ("digits", "held_seconds", "level")
WHOSE: Final[Mapping[str, str]] = {
    "you": marked("You"),
    "sub_partner": marked("A partner below you"),
    "client": marked("The client"),
}


@page("/partners/{login}/try", need=Signed.IN)
async def show_trial(visit: Visit) -> Response[bytes]:
    """Show a form for a trade that nobody made."""
    return tried(visit, dict(USUAL))


@act("/partners/{login}/try", need=Signed.IN)
async def try_trade(visit: Visit, form: Form) -> Response[bytes]:
    """Show what a trade would bring."""
    login, given = visit.partner(), {name: form.text(name, longest=64) for name in USUAL}
    body: dict[str, Any] = {name: text for name, text in given.items() if text and name not in COUNTED}
    body |= {name: int(given[name]) if whole(given[name]) else given[name] for name in COUNTED if given[name]}
    answer = await visit.ask(target(login, "/simulate", {}), method="POST", body=body)
    if not answer.good:
        return tried(visit, given, failed=refusing.wrong(visit, answer), status=answer.status)
    told, words = answer.json, visit.words
    lines = [(each, cells.change(words, each["amount"], each).text) for each in told["lines"]]
    rungs = arithmetic.rungs(words, told["explanation"])
    return tried(visit, given, answer=told, lines=lines, rungs=rungs)


def whole(text: str) -> bool:
    """Whether a text is a whole number."""
    return text.isascii() and text.isdigit()


def tried(visit: Visit, given: Mapping[str, str], *, status: int = HTTPStatus.OK, **more: Any) -> Response[bytes]:
    """Show the form as it is filled in, and what came of it."""
    found: dict[str, Any] = {
        "login": visit.partner(),
        "given": given,
        "failed": None,
        "answer": None,
        "lines": [],
        "rungs": [],
        "whose": WHOSE,
        "kinds": KINDS,
    }
    return visit.page("partner/try.html", status=status, **(found | more))
