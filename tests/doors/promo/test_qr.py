"""QR codes of links point to this cabinet."""

import httpx
import pytest

from opencabinet import app
from opencabinet.db import Connection
from opencabinet.partners import links
from opencabinet.settings import Settings
from tests.living import living


@pytest.mark.parametrize(("form", "kind"), [("svg", "image/svg+xml"), ("png", "image/png")])
async def test_a_code_leads_to_the_link_at_this_cabinet(site: httpx.AsyncClient, form: links.Form, kind: str) -> None:
    answer = await site.get(f"/go/gold24/qr.{form}")

    assert answer.status_code == 200
    assert answer.headers["content-type"] == kind
    assert answer.headers["cache-control"] == "public, max-age=86400"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert answer.content == links.qr("http://cabinet.test/go/GOLD24", form)


@pytest.mark.parametrize(("asked", "scale"), [("3", 3), ("999999", 20), ("x", 8), ("-1", 8), ("0", 8), ("", 8)])
async def test_its_scale_is_bounded(site: httpx.AsyncClient, asked: str, scale: int) -> None:
    answer = await site.get("/go/GOLD/qr.png", params={"scale": asked})

    assert answer.content == links.qr("http://cabinet.test/go/GOLD", "png", scale)


@pytest.mark.parametrize("path", ["/go/G%22OLD/qr.svg", "/go/GO/qr.png", "/go/GOLD/qr.gif", "/go//qr.svg"])
async def test_what_is_no_code_is_not_drawn(site: httpx.AsyncClient, path: str) -> None:
    assert (await site.get(path)).status_code == 404


@pytest.mark.parametrize("host", ["evil.example/x", "a b", "<script>", "user@evil.example"])
async def test_a_host_that_is_none_is_not_drawn(site: httpx.AsyncClient, host: str) -> None:
    assert (await site.get("/go/GOLD/qr.svg", headers={"Host": host})).status_code == 400


async def test_it_is_the_operators_address_if_that_is_set(settings: Settings, committed: Connection) -> None:
    del committed
    given = {name: getattr(settings, name) for name in ("home", "database_url")}
    whole = app.build(Settings(public_url="https://cabinet.example", held_megabytes=0, **given))
    async with living(whole) as (site, _):
        assert (await site.get("/go/GOLD/qr.svg")).content == links.qr("https://cabinet.example/go/GOLD")


async def test_codes_are_not_drawn_without_end(settings: Settings, committed: Connection) -> None:
    del committed
    given = {name: getattr(settings, name) for name in ("home", "database_url")}
    async with living(app.build(Settings(requests_per_network=100, workers=1, held_megabytes=0, **given))) as (site, _):
        statuses = [(await site.get(f"/go/GOLD{number}/qr.svg")).status_code for number in range(25)]

    assert statuses[:20] == [200] * 20
    assert 429 in statuses
