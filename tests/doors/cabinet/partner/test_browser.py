"""A partner at their pages: explains a reward, makes a link, copies a banner, on a phone, dark, in Arabic."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from opencabinet.accounts import Account
from opencabinet.settings import Settings
from tests.clients.serving import Server, serving
from tests.doors.cabinet.browsing import LOOKS, PHONE, WIDER, look, picture, signed_in, violations, whole
from tests.doors.cabinet.partner.reading import SECTIONS, place
from tests.doors.promo.fragments.browsing import browser as chromium


@pytest.fixture(scope="module")
def server(settings: Settings, home: Path) -> Iterator[Server]:
    """A running server on the tests' database."""
    with serving(settings, home / "partner.log") as running:
        yield running
    assert '"event": "failed"' not in running.log.read_text()


async def test_a_reward_is_explained_and_a_link_made(server: Server, tmp_path: Path, partner: Account) -> None:
    async with chromium(tmp_path) as seen:
        page = await signed_in(seen, server)
        await page.goto(server.url + place(partner.login, "/commissions"))
        await page.click("tbody tr:first-child >> text=Explain")
        await page.wait_for_selector("text=The arithmetic")
        assert "0.5 lots" in await page.inner_text(".sums")
        await picture(page, "partner-explained")

        await page.goto(server.url + place(partner.login, "/links"))
        await whole(page)
        await page.fill("#campaign", "spring")
        await page.click("text=Make the link")
        await page.wait_for_selector("img.qr")
        assert await page.evaluate("document.querySelector('img.qr').naturalWidth") > 0
        await page.fill("#s1", "banner 7")
        await page.click("text=Write the address")
        assert "?s1=banner+7" in await page.input_value("#address")
        await picture(page, "partner-link")

        await page.goto(server.url + place(partner.login, "/statistics"))
        await whole(page)
        await page.select_option("#group", "country")
        await page.fill("#from", "2026-03-01")
        await page.fill("#to", "2026-03-31")
        await page.click(".filters button")
        await page.wait_for_selector("tbody >> text=DE")
        assert "group=country" in page.url
        assert seen.complaints() == []


@pytest.mark.torture  # the walk through every page sees them, too, in one look
@pytest.mark.parametrize("name", LOOKS)
async def test_every_page_is_for_everybody(server: Server, tmp_path: Path, partner: Account, name: str) -> None:
    async with chromium(tmp_path) as seen:
        await signed_in(seen, server)
        for rest in SECTIONS:
            query = "?from=2026-03-01&to=2026-03-31" if rest in {"", "/statistics"} else ""
            page = await look(seen, server, place(partner.login, rest) + query, name)
            await picture(page, f"partner{rest.replace('/', '-')}-{name}")
            assert await violations(page) == [], (rest, name)
            if LOOKS[name].get("width") == PHONE:
                assert await page.evaluate(WIDER) <= 0, rest
            await page.close()
        assert seen.complaints() == []
