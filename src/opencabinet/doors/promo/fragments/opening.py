"""The form that opens an account, to stand in a frame of a partner's page.

It needs no cookie, so there is nothing that a page of others could ride on: what is sent must come from the form, as
the browser says. Fields that people do not see catch programs, and the room counts who sends too much.
"""

from collections.abc import Callable, Mapping
from functools import cache
from http import HTTPStatus
from importlib.resources import files
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from opencabinet import onboarding
from opencabinet.access import Public
from opencabinet.doors import body, caller, lending, turn
from opencabinet.doors.here import here
from opencabinet.doors.promo.fragments.asked import LONGEST_WORD, SUBS, Asked, read
from opencabinet.doors.promo.fragments.pages import NEVER, Site, Visit, page, query, visit
from opencabinet.doors.promo.fragments.spelling import LANGUAGE
from opencabinet.kernel.problem import Malformed, Refused, Throttled, Unknown
from opencabinet.onboarding import BadApplication, Rules, Wanted
from opencabinet.onboarding.model import read_country, read_email, read_name, read_phone

MEDIA_TYPE: Final = "application/x-www-form-urlencoded"
LARGEST: Final = 16 * 1024
PLATFORMS: Final = ("mt5", "mt4")
LONGEST: Final = 200
"""Letters of anything that is typed."""
TRAP: Final = "website"
READERS: Final[Mapping[str, Callable[[str], str]]] = {
    "name": read_name,
    "email": read_email,
    "country": read_country,
    "phone": read_phone,
}
NUMBER: Final = "app_"


class NotFromHere(Refused):
    """What was sent does not come from the form."""


class NoForm(Malformed):
    """What was sent is no form."""


class NoSuchPage(Unknown):
    """There is no such page."""


@get("/open-account", need=Public.PUBLIC)
async def show_form(request: Request[Any, Any, Any], site: NamedDependency[Site]) -> Response[Any]:
    """Show the form that opens an account."""
    return form(visit(request, site))


@get("/{lang:str}/partner_open_account.aspx", need=Public.PUBLIC)
async def show_old_form(
    request: Request[Any, Any, Any], site: NamedDependency[Site], lang: FromPath[str]
) -> Response[Any]:
    """Show the form that opens an account, at the old wire's address."""
    found = LANGUAGE.fullmatch(lang)
    if found is None:
        raise NoSuchPage
    asked = read(query(request))
    return form(visit(request, site, Asked({"post": "number", **asked.given, "lang": found[1]})))


@post("/open-account", need=Public.PUBLIC, status_code=HTTPStatus.OK, request_max_body_size=LARGEST)
async def apply(request: Request[Any, Any, Any], site: NamedDependency[Site]) -> Response[Any]:
    """Take an application for an account."""
    refuse_others(request)
    who = visit(request, site, await sent(request))
    wanted, wrong = application(who)
    try:
        if not wrong:
            return thanked(who, await kept(who, wanted))
    except BadApplication as raised:
        wrong = {raised.member: "bad_field"}
    except Throttled as raised:
        answered = form(who, note="problem_429", status=HTTPStatus.TOO_MANY_REQUESTS)
        answered.headers["Retry-After"] = str(raised.retry_after)
        return answered
    return form(who, wrong=wrong, note="wrong", status=HTTPStatus.UNPROCESSABLE_ENTITY)


@get("/open-account/thanks", need=Public.PUBLIC)
async def show_thanks(request: Request[Any, Any, Any], site: NamedDependency[Site]) -> Response[Any]:
    """Show the number of an application that was taken."""
    who = visit(request, site)
    number = who.asked.text("number", longest=40).removeprefix(NUMBER)
    if not (number.isascii() and number.isdigit()):
        raise NoSuchPage
    return page(who, "thanks.html", number=NUMBER + number)


def refuse_others(request: Request[Any, Any, Any]) -> None:
    """Refuse what was not sent from a page of this host, as the browser says in one way or the other.

    Raises:
        NotFromHere: if it was not, or nothing says so.
    """
    said, origins = request.headers.getall("sec-fetch-site", []), request.headers.getall("origin", [])
    if said:
        own = said == ["same-origin"]
    else:
        hosts = {request.headers["host"].lower(), urlsplit(here(request)).netloc.lower()}
        own = len(origins) == 1 and origins[0].lower().partition("://")[2] in hosts
    if not own:
        raise NotFromHere


async def sent(request: Request[Any, Any, Any]) -> Asked:
    """Return a form that was sent.

    Raises:
        NoForm: if it is none.
        TooManyFields: if it has more fields than ours.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != MEDIA_TYPE:
        raise NoForm
    try:
        return read((await body.whole(request)).decode("ascii"))
    except UnicodeDecodeError as raised:
        raise NoForm from raised


def application(who: Visit) -> tuple[Wanted, Mapping[str, str]]:
    """Return what an applicant says, and what is wrong with it by field: names of texts."""
    said = {name: who.asked.text(name)[: LONGEST + 1] for name in READERS}
    wrong = {name: mistake(name, text) for name, text in said.items() if mistake(name, text)}
    if not who.asked.text("agreed"):
        wrong["agreed"] = "agree_first"
    brought = carried(who.asked)
    wanted = Wanted(
        name=said["name"],
        email=said["email"],
        country=said["country"],
        phone=said["phone"],
        platform=who.asked.choice("platform", PLATFORMS, "mt5"),
        currency=who.asked.choice("currency", rules(who).currencies, rules(who).currencies[0]),
        language=who.look.language,
        code=who.look.code or "",
        click=brought.get("click", ""),
        keyword=brought.get("k", ""),
        subs=subs(brought),
        trap=who.asked.text(TRAP)[:LONGEST],
    )
    return wanted, wrong


def mistake(name: str, text: str) -> str:
    """Return what is wrong with a field: the name of a text, nothing if nothing is."""
    if not text:
        return "" if name == "phone" else "needed"
    if len(text) > LONGEST:
        return "too_long"
    try:
        READERS[name](text)
    except BadApplication:
        return f"bad_{name}"
    return ""


def carried(asked: Asked) -> dict[str, str]:
    """Return what an address says of where somebody came from, for the form to carry on."""
    click = asked.text("click", longest=LONGEST_WORD)
    return asked.words() | ({"click": click} if click.isprintable() and click else {})


def subs(brought: Mapping[str, str]) -> tuple[str, ...]:
    """Return the sub-ids up to the last one that was told: each has its place."""
    found = [brought.get(name, "") for name in SUBS]
    while found and not found[-1]:
        found.pop()
    return tuple(found)


def rules(who: Visit) -> Rules:
    """Return in which currencies accounts are opened, and how many applications are taken."""
    found: Rules = who.request.app.state.applying
    return found


async def kept(who: Visit, wanted: Wanted) -> int:
    """Keep an application, and return its number."""
    await turn.give_way(who.request)
    async with lending.borrowed(who.request) as conn:
        return (await onboarding.apply(conn, wanted, caller.source(who.request), rules(who))).id


def thanked(who: Visit, number: int) -> Response[Any]:
    """Lead on to the page that says thank you: whoever loads it again sends nothing again."""
    where = urlencode({**who.look.fields(), "number": f"{NUMBER}{number}"})
    headers = {"Location": f"/open-account/thanks?{where}", "Cache-Control": NEVER}
    return Response(b"", status_code=HTTPStatus.SEE_OTHER, headers=headers)


def form(
    who: Visit, *, wrong: Mapping[str, str] | None = None, note: str = "", status: int = HTTPStatus.OK
) -> Response[Any]:
    """Return the form as it was filled in, with what is wrong with it."""
    return page(
        who, "form.html", status=status, cache=NEVER if note else "public, no-cache", **filled(who, wrong, note)
    )


def filled(who: Visit, wrong: Mapping[str, str] | None = None, note: str = "") -> dict[str, Any]:
    """Return what the form is shown with."""
    asked = who.asked
    typed = {name: asked.text(name)[:LONGEST] for name in (*READERS, "platform", "currency", "agreed")}
    if not note:
        typed["agreed"] = ""  # an address may fill the form in, and agree to nothing
    return {
        "typed": typed,
        "wrong": {name: who.texts[text] for name, text in (wrong or {}).items()},
        "note": who.texts[note] if note else "",
        "carried": carried(asked),
        "trap": TRAP,
        "countries": countries(),
        "platforms": (("mt5", "MetaTrader 5"), ("mt4", "MetaTrader 4")),
        "currencies": rules(who).currencies,
    }


@cache
def countries() -> tuple[tuple[str, str], ...]:
    """Return all countries by code, in the order of their English names; a script says them in other languages."""
    lines = files("tzdata.zoneinfo").joinpath("iso3166.tab").read_text("utf-8").splitlines()
    known = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return tuple(sorted(((code, name) for code, name in known), key=lambda each: each[1]))
