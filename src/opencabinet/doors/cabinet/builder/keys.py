"""Keys that are made while a widget is built: for the pages that it is to stand on, or for the server of a site."""

from typing import Any, Final
from urllib.parse import urlencode

from litestar import Response

from opencabinet.access import Signed
from opencabinet.access.people import StepUpNeeded
from opencabinet.doors.cabinet.builder import wanted
from opencabinet.doors.cabinet.builder.shaping import shown
from opencabinet.doors.cabinet.builder.wanted import MADE, Wanted
from opencabinet.doors.cabinet.forms import Form
from opencabinet.doors.cabinet.handlers import act
from opencabinet.doors.cabinet.visit import Visit
from opencabinet.doors.wording import marked
from opencabinet.kernel.ids import Login

LONGEST: Final = 4000
NAME: Final = "widget {widget}"
DONE: Final = marked("The key is made, and stands in the snippets. It can be revoked among your keys.")
NO_KEY: Final = marked("Choose first who may see it: what is open needs no key.")


@act("/accounts/{login}/widgets/key", need=Signed.IN)
async def make_key(visit: Visit, form: Form) -> Response[bytes]:
    """Make a key for a widget of an account."""
    login = visit.login()
    return await make(visit, form, login, f"/cabinet/accounts/{login}/widgets", partner=False)


@act("/partners/{login}/widgets/key", need=Signed.IN)
async def make_partner_key(visit: Visit, form: Form) -> Response[bytes]:
    """Make a key for a widget of a partner."""
    login = visit.partner()
    return await make(visit, form, login, f"/cabinet/partners/{login}/widgets", partner=True)


async def make(visit: Visit, form: Form, login: Login, base: str, *, partner: bool) -> Response[bytes]:
    """Make a key: a publishable one goes into the snippets, a server's is shown this once."""
    pairs = [(name, value) for name, values in form.fields.items() for value in values]
    asked = wanted.chosen(pairs, login, base, partner=partner)
    origins = form.text("origins", longest=LONGEST)
    if asked.way not in MADE:
        return shown(visit, asked, status=400, wrong=visit.words.gettext(NO_KEY))
    answer = await visit.ask(f"/v1/accounts/{login}/keys", method="POST", body=document(asked, origins.split()))
    if answer.good:
        return finished(visit, asked, answer.json["secret"])
    problem: dict[str, Any] = answer.json or {}
    if problem.get("code") == "proof_needed":
        raise StepUpNeeded
    return shown(visit, asked, status=answer.status, wrong=problem.get("detail", ""), origins=origins)


def document(asked: Wanted, origins: list[str]) -> dict[str, Any]:
    """Return the key as v1 is asked for it: it opens what the widget asks, and nothing else."""
    kind = MADE[asked.way]
    given = {"kind": kind, "name": NAME.format(widget=asked.widget.name), "functions": [str(asked.widget.needs)]}
    if kind == "server":
        return given
    return given | {"origins": origins} | ({"frames": True} if asked.way == "password" else {})


def finished(visit: Visit, asked: Wanted, secret: str) -> Response[bytes]:
    """Go on with a publishable key in the snippets; a server key is shown, for it is known to nobody else."""
    if MADE[asked.way] == "server":
        return shown(visit, asked, made=secret)
    query = urlencode({"widget": asked.widget.name, "way": asked.way, **asked.look, "key": secret}, safe=",:")
    return visit.go(f"{asked.base}?{query}", told=visit.words.gettext(DONE))
