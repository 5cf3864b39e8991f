"""Widgets have a host of their own where one is set, and the cabinet is never served there."""

from collections.abc import AsyncIterator

import httpx
import pytest
from msgspec import structs

from opencabinet import app
from opencabinet.accounts import Account
from opencabinet.settings import Settings
from opencabinet.state import widgets_origin
from tests.living import living

CABINET, WIDGETS = "http://cabinet.example", "http://widgets.example"


@pytest.fixture
async def apart(settings: Settings, account: Account) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an application whose widgets have a host of their own."""
    del account  # it is there
    given = structs.replace(settings, public_url=f"{CABINET}:8080", widgets_host="widgets.example")
    async with living(app.build(given)) as (client, _):
        yield client


async def test_widgets_are_on_their_host_alone(apart: httpx.AsyncClient, account: Account) -> None:
    for path in (f"/w/balance/{account.login}", "/w/gallery", "/w/component.js", "/w/news.json"):
        assert (await apart.get(WIDGETS + path)).status_code == 200, path
        assert (await apart.get(f"{WIDGETS}:81{path}")).status_code == 200, path
        assert (await apart.get(WIDGETS.upper().replace("HTTP", "http") + path)).status_code == 200, path
        for other in (CABINET, "http://widgets.example.elsewhere.example", "http://elsewhere.example", "http://[::1]"):
            assert (await apart.get(other + path)).status_code == 404, (other, path)


async def test_a_dot_behind_the_name_makes_it_no_other_host(apart: httpx.AsyncClient, account: Account) -> None:
    widget, page = f"{WIDGETS}./w/balance/{account.login}", f"{WIDGETS}./cabinet/sign-in"

    assert (await apart.get(widget)).status_code == 200
    assert (await apart.get(page)).status_code == 307


async def test_the_cabinet_is_never_on_the_host_of_widgets(apart: httpx.AsyncClient) -> None:
    answer = await apart.get(f"{WIDGETS}/cabinet/sign-in?next=/cabinet")
    posted = await apart.post(f"{WIDGETS}/cabinet/sign-in", data={"email": "a@example.com", "password": "b"})
    static = await apart.get(f"{WIDGETS}/cabinet/static/htmx.js")

    assert (answer.status_code, answer.content) == (307, b"")
    assert answer.headers["location"] == f"{CABINET}:8080/cabinet/sign-in?next=/cabinet"
    assert posted.status_code in {307, 404}
    assert static.status_code in {307, 404}
    assert "set-cookie" not in answer.headers
    assert (await apart.get(f"{CABINET}/cabinet/sign-in")).status_code == 200


async def test_v1_answers_on_either_host(apart: httpx.AsyncClient, account: Account) -> None:
    for host in (CABINET, WIDGETS):
        assert (await apart.get(f"{host}/v1/accounts/{account.login}/balance")).status_code == 200


async def test_addresses_name_the_host_of_widgets_by_the_ports_of_the_cabinet(
    apart: httpx.AsyncClient, account: Account
) -> None:
    page = (await apart.get(f"{WIDGETS}/w/balance/{account.login}")).text

    assert f'<meta property="og:url" content="{WIDGETS}:8080/w/balance/{account.login}?lang=en">' in page
    assert f'href="{CABINET}:8080/v1/accounts/{account.login}/balance"' in page


@pytest.mark.parametrize(
    ("given", "origin"),
    [
        ({}, ""),
        ({"widgets_host": "Widgets.example", "public_url": "https://cabinet.example"}, "https://widgets.example"),
        ({"widgets_host": "w.example", "public_url": "https://c.example:8443/here"}, "https://w.example:8443"),
        ({"widgets_host": "127.0.0.1", "port": 8134}, "http://127.0.0.1:8134"),
        ({"widgets_host": "w.example", "host": "0.0.0.0"}, "https://w.example"),  # noqa: S104 - told, not listened on
    ],
)
def test_the_origin_of_widgets_follows_from_what_is_set(given: dict[str, str | int], origin: str) -> None:
    assert widgets_origin(Settings(home="/tmp/none", **given)) == origin  # type: ignore[arg-type]  # noqa: S108 - unused
