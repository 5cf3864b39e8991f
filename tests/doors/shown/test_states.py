"""What stands where there are no figures: nothing yet, refused, failed, set up wrongly; and while it loads."""

from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from opencabinet.access import Redaction
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.doors.showing.definitions import WIDGETS
from opencabinet.doors.showing.html import html, written
from opencabinet.doors.showing.model import Empty, Refused
from opencabinet.doors.showing.options import BadOption
from opencabinet.doors.showing.refusing import refused, wrongly_set
from opencabinet.doors.showing.tree import loading
from opencabinet.doors.within import Bearer
from opencabinet.doors.wording import LANGUAGES, words
from opencabinet.settings import Settings
from tests import make
from tests.doors.redactions import opened
from tests.doors.shown import reading
from tests.doors.shown.asking import OF_ACCOUNTS, asked, shown
from tests.doors.v1.asking import filled, signed_in

LISTS = ["open-trades", "closed-trades", "closed-lots", "balance-chart", "statistics", "monthly", "bonus"]


@pytest.fixture
async def account(committed: Connection) -> Account:
    """An account that its owner has not opened."""
    return await filled(committed)


async def token_of(site: httpx.AsyncClient, conn: Connection, account: Account, settings: Settings) -> str:
    """Return a token of an account."""
    own = await signed_in(site, conn, account.login, settings)
    return own["Authorization"].removeprefix("Bearer ")


@pytest.mark.parametrize("name", LISTS)
async def test_nothing_yet_is_said_in_words_with_its_moment(
    site: httpx.AsyncClient, committed: Connection, name: str
) -> None:
    account = await make.account(committed)
    await opened(committed, account.login, Redaction())

    found = await shown(site, name, account.login)

    page = reading.page(found)
    assert [type(each) for each in found.blocks] == [Empty]
    assert page.css("article")[0].attributes["data-state"] == "empty"
    assert page.css(".oc-lead")[0].text().endswith(".")
    assert page.css(".oc-as-of time")[0].attributes["datetime"] == found.honesty.as_of


@pytest.mark.parametrize("name", [*OF_ACCOUNTS, "commissions", "clicks"])
async def test_a_closed_account_says_what_opens_it_and_nothing_else(
    site: httpx.AsyncClient, account: Account, name: str
) -> None:
    closed = await asked(site, name, account.login)
    nobody = await asked(site, name, 99_999_999)

    assert isinstance(closed, Refused)
    assert closed.closed
    page = reading.page(closed)
    assert page.css(".oc-lead")[0].text() == "This account is closed"
    assert "API password" in reading.lines(closed)
    assert page.css(".oc-honesty, .oc-figures, table, time") == []
    told = [str(html(each)).replace(str(each.login), "N") for each in (closed, nobody)]
    assert told[0] == told[1], "whether there is such an account is not told"


async def test_the_password_opens_it(
    site: httpx.AsyncClient, committed: Connection, account: Account, settings: Settings
) -> None:
    token = await token_of(site, committed, account, settings)

    found = await shown(site, "open-trades", account.login, Bearer(token))

    assert len(reading.page(found).css("tbody tr")) == 3
    assert found.honesty.link is None, "nobody else could follow it"


async def test_what_is_no_credential_is_said_to_have_ended(site: httpx.AsyncClient, account: Account) -> None:
    found = await asked(site, "balance", account.login, Bearer("oc_at_nonsense"))

    assert isinstance(found, Refused)
    assert (found.status, found.heading) == (401, "Your access has ended")


async def test_another_account_is_nothing_to_show(
    site: httpx.AsyncClient, committed: Connection, account: Account, settings: Settings
) -> None:
    token = await token_of(site, committed, await make.account(committed), settings)

    found = await asked(site, "balance", account.login, Bearer(token))

    assert isinstance(found, Refused)
    assert (found.status, found.heading) == (404, "Nothing to show")


@given(st.sampled_from(sorted(WIDGETS)), st.integers(400, 599), st.sampled_from(sorted(LANGUAGES)), st.booleans())
def test_every_refusal_has_words_in_every_language(name: str, status: int, lang: str, known: Any) -> None:
    found = refused(WIDGETS[name], "7", words(lang), status, {"detail": "private <b>", "code": "x"}, shown=known)

    page = reading.page(found)
    assert page.css(".oc-lead")[0].text()
    assert page.css(".oc-hint")[0].text()
    assert found.heading != found.text
    assert ("private" in str(html(found))) == (status in {400, 422}), "only a wrong setting is explained"
    if lang == "ar":
        assert not found.heading.isascii()
        assert not found.text.isascii()


def test_what_passes_says_when_it_is_tried_again() -> None:
    waits = {
        status: refused(WIDGETS["balance"], "7", words("en"), status, told, shown=False).retry_seconds
        for status, told in ((429, {"retry_after": 7}), (429, {}), (503, {}), (500, {}), (401, {}), (404, {}))
    }

    assert waits == {429: 30, 503: 30, 500: 30, 401: None, 404: None}
    assert refused(WIDGETS["balance"], "7", words("en"), 429, {"retry_after": 7}, shown=False).retry_seconds == 7


def test_a_setting_that_cannot_be_read_is_named() -> None:
    found = wrongly_set(WIDGETS["balance"], "7", words("en"), BadOption("rows", "Give a whole number from 1 to 100."))

    assert "rows: Give a whole number from 1 to 100." in reading.lines(found)
    assert "rows: Give a whole number from 1 to 100." in reading.page(found).text()


@pytest.mark.parametrize("name", sorted(WIDGETS))
def test_a_widget_that_loads_is_as_large_and_says_so(name: str) -> None:
    page = LexborHTMLParser(written(loading(name, "7", "en")))

    [article] = page.css("article")
    assert f"oc-{name}" in (article.attributes["class"] or "").split(), "its least height is told by its class"
    assert article.attributes["aria-busy"] == "true"
    assert page.css("[role=status]")[0].text() == "Loading …"
