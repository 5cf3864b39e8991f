"""Banners as pages of others show them."""

import httpx
import pytest

from opencabinet import content
from opencabinet.content.pictures import shelf, store
from opencabinet.db import Connection
from opencabinet.doors.budgets import Budgets
from opencabinet.kernel.ids import Login
from opencabinet.kernel.period import EVER
from opencabinet.partners import programme
from tests import make
from tests.content.pictures import banner, drawn, moving, painted, saved
from tests.doors.legacy.asking import litestar

POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@pytest.fixture(autouse=True)
def looked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what is shown be looked up each time."""
    monkeypatch.setattr(shelf, "FRESH_SECONDS", 0)


@pytest.fixture
async def partner(committed: Connection) -> Login:
    """A partner with the code ABC."""
    login = (await make.account(committed)).login
    await programme.enrol(committed, login, "ABC")
    return login


async def counted(site: httpx.AsyncClient, conn: Connection, login: Login) -> dict[int, int]:
    """Return what is counted by now."""
    await litestar(site).state.impressions.write()
    return {each.banner: each.impressions for each in await content.impressions(conn, login, EVER, limit=100)}


FILES = {
    "png": (saved(painted(), "png"), "image/png"),
    "jpeg": (saved(painted(), "jpeg"), "image/jpeg"),
    "gif": (moving("gif"), "image/gif"),
    "webp": (saved(painted(), "webp"), "image/webp"),
    "svg": (drawn(), "image/svg+xml"),
}


@pytest.mark.parametrize("kind", FILES)
async def test_a_banner_is_shown_with_its_exact_type_and_can_do_nothing(
    site: httpx.AsyncClient, committed: Connection, kind: str
) -> None:
    file, media_type = FILES[kind]
    made = await banner(committed, file)

    for name in ("ABC", f"ABC.{kind}", f"abc.{kind.upper()}"):
        answer = await site.get(f"/banners/{made.id}/{name}")

        assert answer.status_code == 200
        assert answer.content == (await store.picture(committed, made.id) or pytest.fail("It is kept.")).content
        headers = answer.headers
        assert headers["content-type"] == media_type
        assert headers["content-security-policy"] == POLICY
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cross-origin-resource-policy"] == "cross-origin"
        assert headers["cache-control"] == "public, no-cache"
        assert headers["referrer-policy"] == "no-referrer"
        assert "set-cookie" not in headers
        assert headers.get("content-disposition") == (
            f'attachment; filename="banner-{made.id}.svg"' if kind == "svg" else None
        )


async def test_each_showing_is_counted_even_of_those_who_have_the_picture(
    site: httpx.AsyncClient, committed: Connection, partner: Login
) -> None:
    made = await banner(committed)
    first = await site.get(f"/banners/{made.id}/ABC.png")
    for shown in (first.headers["etag"], f'"other", W/{first.headers["etag"]}', "*"):
        again = await site.get(f"/banners/{made.id}/abc.png", headers={"If-None-Match": shown})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
        assert again.headers["content-security-policy"] == POLICY
    changed = await site.get(f"/banners/{made.id}/ABC.png", headers={"If-None-Match": '"other"'})

    assert changed.status_code == 200
    assert await counted(site, committed, partner) == {made.id: 5}


async def test_whoever_only_asks_whether_it_is_there_is_not_counted(
    site: httpx.AsyncClient, committed: Connection, partner: Login
) -> None:
    made = await banner(committed)

    answer = await site.head(f"/banners/{made.id}/ABC.png")

    assert (answer.status_code, answer.content) == (200, b"")
    assert await counted(site, committed, partner) == {}


@pytest.mark.parametrize(
    "code", ["NOBODY", "X", "abc-def", "A" * 100, "%3Cscript%3E", "ABC%0D%0AX-A:1", "ABC%00", "ÄBC", "ABC%20"]
)
async def test_a_code_that_is_nobodys_shows_the_same_and_counts_for_nobody(
    site: httpx.AsyncClient, committed: Connection, partner: Login, code: str
) -> None:
    made = await banner(committed)
    own = await site.get(f"/banners/{made.id}/ABC")

    answer = await site.get(f"/banners/{made.id}/{code}")

    if answer.status_code == 400:  # stopped at the edge
        return
    assert (answer.status_code, answer.content) == (200, own.content)
    assert {*answer.headers.items()} ^ {*own.headers.items()} <= {
        ("x-request-id", answer.headers["x-request-id"]),
        ("x-request-id", own.headers["x-request-id"]),
    }
    assert await counted(site, committed, partner) == {made.id: 1}


@pytest.mark.parametrize(
    "path",
    [
        "0/ABC",
        "-1/ABC",
        "+1/ABC",
        "1_0/ABC",
        "x/ABC",
        "9999999999999999999/ABC",
        "{id}/ABC.gif",
        "{id}/ABC.",
        "{id}/ABC.png.exe",
        *("{id}", "{id}/", "{id}/ABC/x", "{id}.png/ABC", "٣/ABC"),
    ],
)
async def test_what_is_no_banner_is_not_there(site: httpx.AsyncClient, committed: Connection, path: str) -> None:
    made = await banner(committed)

    answer = await site.get("/banners/" + path.format(id=made.id))

    assert answer.status_code == 404, answer.text
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.headers["cache-control"] == "private, no-store"


async def test_a_retired_banner_is_not_there_any_more(site: httpx.AsyncClient, committed: Connection) -> None:
    made = await banner(committed)
    assert (await site.get(f"/banners/{made.id}/ABC")).status_code == 200

    await content.retire_banner(committed, made.id)

    assert (await site.get(f"/banners/{made.id}/ABC")).status_code == 404


@pytest.mark.parametrize("verb", ["POST", "PUT", "DELETE", "PATCH"])
async def test_a_banner_is_only_read(site: httpx.AsyncClient, committed: Connection, verb: str) -> None:
    made = await banner(committed)

    assert (await site.request(verb, f"/banners/{made.id}/ABC")).status_code == 405


async def test_showing_spends_nothing_of_a_networks_budget(site: httpx.AsyncClient, committed: Connection) -> None:
    made = await banner(committed)
    budgets: Budgets = litestar(site).state.budgets

    await site.get(f"/banners/{made.id}/ABC")
    assert len(budgets.network) == 0
    await site.get("/news")
    assert len(budgets.network) == 1
