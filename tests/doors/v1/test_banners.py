"""Banners with a partner's code."""

import httpx
import pytest

from opencabinet import content
from opencabinet.access import Family
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.partners import programme
from opencabinet.settings import Settings
from tests import make
from tests.content.pictures import banner, drawn
from tests.doors.legacy.asking import litestar
from tests.doors.v1.asking import signed_in


@pytest.fixture
async def partner(
    site: httpx.AsyncClient, committed: Connection, account: Account, settings: Settings
) -> dict[str, str]:
    """The header that shows a partner's token; its code is ABC."""
    await programme.enrol(committed, account.login, "ABC")
    return await signed_in(site, committed, account.login, settings, Family.PARTNER)


def path(account: Account, query: str = "") -> str:
    """Return where banners are asked for."""
    return f"/v1/partners/{account.login}/banners{query}"


async def test_a_partner_sees_each_banner_with_the_code_to_show_it(
    site: httpx.AsyncClient, committed: Connection, account: Account, partner: dict[str, str]
) -> None:
    made = await banner(committed, title="Trade & learn", theme="dark")
    for _ in range(3):
        await site.get(f"/banners/{made.id}/ABC.png")
    await litestar(site).state.impressions.write()

    body = (await site.get(path(account), headers=partner)).json()

    found = content.snippet(made, "http://cabinet.test", "ABC")
    assert body == {
        "code": "ABC",
        "data": [
            {
                "id": f"bnr_{made.id}",
                "title": "Trade & learn",
                "size": "468x60",
                "width": 468,
                "height": 60,
                "theme": "dark",
                "language": "en",
                "format": "png",
                "image_url": found.image_url,
                "link_url": found.link_url,
                "html": found.html,
                "markdown": found.markdown,
                "bbcode": found.bbcode,
                "impressions": 3,
            }
        ],
        "page": {"next_cursor": None, "has_more": False, "limit": 100},
    }


async def test_banners_are_read_page_by_page_and_only_those_asked_for(
    site: httpx.AsyncClient, committed: Connection, account: Account, partner: dict[str, str]
) -> None:
    made = [
        (await banner(committed, theme=theme, language=language)).id
        for theme in ("light", "dark")
        for language in ("en", "de")
    ]
    drawing = (await banner(committed, drawn("", 'width="88" height="31"'))).id

    found, cursor = list[str](), ""
    for _ in range(9):
        body = (await site.get(path(account, f"?limit=2{cursor}"), headers=partner)).json()
        found += [each["id"] for each in body["data"]]
        if not body["page"]["has_more"]:
            break
        cursor = f"&cursor={body['page']['next_cursor']}"

    assert found == [f"bnr_{each}" for each in (*made, drawing)]
    for query, numbers in (
        ("?size=88x31", [drawing]),
        ("?theme=dark", made[2:]),
        ("?language=de", [made[1], made[3]]),
        ("?language=de&theme=dark&size=468x60", [made[3]]),
        ("?size=970x250", []),
    ):
        body = (await site.get(path(account, query), headers=partner)).json()
        assert [each["id"] for each in body["data"]] == [f"bnr_{each}" for each in numbers], query


async def test_a_code_is_found_however_many_links_there_are(
    site: httpx.AsyncClient, committed: Connection, account: Account, partner: dict[str, str]
) -> None:
    await programme.retire_code(committed, account.login, "ABC")
    for link in range(1, 121):
        await programme.give_code(committed, account.login, link=link)
    await programme.give_code(committed, account.login, "NEWER")

    assert (await site.get(path(account), headers=partner)).json()["code"] == "NEWER"


async def test_a_partner_may_name_any_code_of_their_own_and_no_others(
    site: httpx.AsyncClient, committed: Connection, account: Account, partner: dict[str, str]
) -> None:
    await banner(committed)
    await programme.give_code(committed, account.login, "SECOND")
    await programme.give_code(committed, account.login, "GONE")
    await programme.retire_code(committed, account.login, "GONE")
    other = (await make.account(committed)).login
    await programme.enrol(committed, other, "OTHER")

    body = (await site.get(path(account, "?code=second"), headers=partner)).json()
    assert (body["code"], body["data"][0]["link_url"].partition("?")[0]) == ("SECOND", "http://cabinet.test/go/SECOND")
    for wrong in ("GONE", "OTHER", "NOBODY"):
        answer = await site.get(path(account, f"?code={wrong}"), headers=partner)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), wrong
    for wrong in ("A", "A-B", "%3Cx%3E"):
        answer = await site.get(path(account, f"?code={wrong}"), headers=partner)
        assert (answer.status_code, answer.json()["param"]) == (400, "code"), wrong


async def test_without_a_code_there_is_nothing_to_show(
    site: httpx.AsyncClient, committed: Connection, account: Account, partner: dict[str, str]
) -> None:
    await programme.retire_code(committed, account.login, "ABC")

    assert (await site.get(path(account), headers=partner)).status_code == 404


async def test_whoever_is_no_partner_has_no_banners(
    site: httpx.AsyncClient, committed: Connection, account: Account, settings: Settings
) -> None:
    own = await signed_in(site, committed, account.login, settings, Family.PARTNER)

    answer = await site.get(path(account), headers=own)

    assert (answer.status_code, answer.json()["detail"]) == (404, "The account is no partner.")


async def test_a_clients_token_does_not_open_them(
    site: httpx.AsyncClient, account: Account, own: dict[str, str], partner: dict[str, str]
) -> None:
    del partner
    assert (await site.get(path(account), headers=own)).status_code in {401, 403}
    assert (await site.get(path(account))).status_code == 401
