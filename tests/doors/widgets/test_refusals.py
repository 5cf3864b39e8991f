"""What is refused says what helps, in every rendering, and costs little however often it is asked for."""

import httpx
import pytest
from msgspec import structs

from opencabinet import app
from opencabinet.accounts import Account
from opencabinet.settings import Settings
from tests.living import living

ENDINGS = ("", ".json", ".svg", ".png", ".txt")


async def test_whoever_asks_too_often_is_told_when_to_come_again_in_every_rendering(
    settings: Settings, account: Account
) -> None:
    few = structs.replace(settings, requests_per_open_account=1, requests_per_network=1)
    async with living(app.build(few)) as (site, _):
        await site.get(f"/w/balance/{account.login}")
        answers = [await site.get(f"/w/balance/{account.login}{ending}") for ending in ENDINGS]
        pasted = {"url": f"http://cabinet.test/w/balance/{account.login}"}
        answers.append(await site.get("/w/oembed", params=pasted))

    assert {each.status_code for each in answers} == {429}
    assert [each.text for each in answers if not each.headers.get("retry-after", "").isdigit()] == []


async def test_the_picture_of_asking_too_often_is_painted_once_for_all(settings: Settings, account: Account) -> None:
    few = structs.replace(settings, requests_per_open_account=1, requests_per_network=1)
    async with living(app.build(few)) as (site, _):
        await site.get(f"/w/balance/{account.login}")
        asked = [(account.login, 300), (account.login, 700), (9999999, 480)]
        answers = [await site.get(f"/w/balance/{login}.png?width={width}") for login, width in asked]

    assert {each.status_code for each in answers} == {429}
    assert len({each.content for each in answers}) == 1


async def test_a_widget_of_nobody_that_is_set_up_wrongly_says_so_and_speaks_of_no_account(
    site: httpx.AsyncClient,
) -> None:
    said = (await site.get("/w/quotes.txt?server=None-Such")).text

    assert "set up wrongly" in said
    assert "There is no such trading server." in said
    assert "account" not in said


@pytest.mark.parametrize(("theme", "shown"), [("dark", "dark"), ("light", "light"), ("<", "auto")])
async def test_a_setting_that_cannot_be_read_takes_no_other_with_it(
    site: httpx.AsyncClient, account: Account, theme: str, shown: str
) -> None:
    answer = await site.get(f"/w/balance/{account.login}", params={"rows": "x", "theme": theme})

    assert answer.status_code == 400
    assert f'<main id="widget" data-theme="{shown}"' in answer.text


async def test_a_figure_is_broken_before_its_unit_and_nowhere_else(site: httpx.AsyncClient, account: Account) -> None:
    assert "1,000.00\u00a0<wbr>USD" in (await site.get(f"/w/balance/{account.login}")).text
