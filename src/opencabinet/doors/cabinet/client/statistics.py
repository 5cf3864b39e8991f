"""Statistics: every metric of an account over a period, and how each comes about."""

import re
from typing import Any, Final
from urllib.parse import quote

from litestar import Response

from opencabinet.access import Signed
from opencabinet.doors.cabinet.client import fragments, metrics
from opencabinet.doors.cabinet.client.asked import WHEN, Asked, Field
from opencabinet.doors.cabinet.client.listing import WHOLE, patiently, pushed, spelled
from opencabinet.doors.cabinet.client.parts import NoSuchPart
from opencabinet.doors.cabinet.handlers import page
from opencabinet.doors.cabinet.visit import Visit
from opencabinet.doors.within import Answer
from opencabinet.doors.wording import Words, marked

DIALECT: Final = Field(
    name="dialect",
    label=marked("By the rules of"),
    kind="choice",
    choices=(
        ("", marked("The account's platform")),
        ("mt4", "MetaTrader 4"),
        ("mt5", "MetaTrader 5"),
        ("myfxbook", "Myfxbook"),
    ),
)
FIELDS: Final = (*WHEN, DIALECT)
NAME: Final = re.compile(r"[a-z0-9_]{1,64}", re.ASCII)


@page("/accounts/{login}/statistics", need=Signed.IN)
async def show_statistics(visit: Visit) -> Response[bytes]:
    """Show every metric of an account over a period; each can be asked how it comes about."""
    login, query = visit.login(), visit.request.query_params
    asked = Asked.read(query, FIELDS, visit.now.date())
    place = f"/cabinet/accounts/{login}/statistics"
    given: dict[str, Any] = {"login": login, "asked": asked, "place": place, "fields": FIELDS}
    if not visit.partial and WHOLE not in query:
        return visit.page("client/statistics.html", listing=None, **given)
    found: dict[str, Any] = {}
    if not asked.wrong:
        answer = await patiently(visit, f"/v1/accounts/{login}/metrics{spelled(asked.query(FIELDS))}")
        found = listed(visit.words, answer)
    template = "client/metrics.html" if visit.partial else "client/statistics.html"
    return pushed(visit, visit.page(template, listing=found, **given), asked.address(place))


def listed(words: Words, answer: Answer) -> dict[str, Any]:
    """Say all metrics."""
    if not answer.good:
        return {"failed": fragments.failed(words, answer)}
    given: dict[str, Any] = answer.json
    groups = metrics.grouped(words, given["metrics"], given["currency"])
    return {
        "failed": None,
        "trades": given["trades"],
        "dialect": dict(DIALECT.choices)[given["dialect"]],
        "groups": groups,
        "honesty": fragments.honesty(words, answer),
    }


@page("/accounts/{login}/statistics/{name}", need=Signed.IN)
async def explain(visit: Visit) -> Response[bytes]:
    """Explain a metric: its formula, its inputs, what it leaves out and why."""
    login, name = visit.login(), str(visit.request.path_params["name"])
    if not NAME.fullmatch(name):
        raise NoSuchPart
    asked = Asked.read(visit.request.query_params, FIELDS, visit.now.date())
    target = f"/v1/accounts/{login}/metrics/{quote(name)}/explain{spelled(asked.query(FIELDS))}"
    answer = await patiently(visit, target)
    if not answer.good and not visit.partial:
        raise NoSuchPart
    place = f"/cabinet/accounts/{login}/statistics"
    template = "client/explanation.html" if visit.partial else "client/explained.html"
    return visit.page(template, login=login, asked=asked, place=place, name=name, **explained(visit.words, answer))


def explained(words: Words, answer: Answer) -> dict[str, Any]:
    """Say how a metric comes about."""
    if not answer.good:
        return {"failed": fragments.failed(words, answer)}
    given: dict[str, Any] = answer.json
    return {
        "failed": None,
        "given": given,
        "metric": metrics.metric(words, given, given["currency"]),
        "honesty": fragments.honesty(words, answer),
    }
