"""Caches of others, which keep whatever they may: they keep nothing of an account."""

import asyncio
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import httpx
import pytest

from opencabinet import access
from opencabinet.access import Family, Function
from opencabinet.db import Connection
from opencabinet.kernel.ids import Login
from opencabinet.settings import Settings
from tests.clients.serving import Server
from tests.coherence.keepers import KEEPERS, keeping
from tests.coherence.timeline import ELSEWHERE_SECONDS
from tests.doors.rows import FEED, PUBLIC, ROWS
from tests.doors.showing import Making
from tests.doors.test_every_door import FILLED, door_of
from tests.doors.v1.asking import filled

KEPT: Final = "/docs/assets/swagger-ui.css"
"""What may be kept for a day by anybody."""
READS: Final = sorted(
    path
    for (verb, path), row in ROWS.items()
    if verb == "GET" and row.function not in {PUBLIC, FEED, "commissions"} and not path.endswith("/events")
)


@pytest.fixture(params=KEEPERS)
def through(request: pytest.FixtureRequest, tmp_path: Path, pair: Mapping[str, Server]) -> Iterator[str]:
    """The address of a server behind a cache."""
    with keeping(request.param, tmp_path, pair["first"].host) as url:
        yield url


async def asked(client: httpx.AsyncClient, login: Login, path: str, shown: Mapping[str, str]) -> httpx.Response:
    """Ask for something of an account; what a cache gives is found out."""
    answer = await client.get(path.format(login=login, **FILLED), headers=shown)
    assert answer.headers["x-from-cache"] != "HIT", path
    assert answer.status_code in {200, 401, 403, 404}, (path, answer.text)
    return answer


async def test_nothing_of_an_account_is_kept_by_a_cache_of_others(
    through: str, committed: Connection, settings: Settings
) -> None:
    login = (await filled(committed)).login
    making = Making(committed, login, settings)
    opens = {
        family: {
            "v1": {"Authorization": f"Bearer {(await making.session(family)).bearer}"},
            "legacy": {"passkey": await making.old(family)},
        }
        for family in (Family.CLIENT, Family.PARTNER)
    }
    async with httpx.AsyncClient(base_url=through, timeout=20) as client:
        assert [(await client.get(KEPT)).headers["x-from-cache"] for _ in range(3)][-1] == "HIT", (
            "It keeps what it may."
        )
        for path in READS:
            shown = opens[Function(ROWS["GET", path].function or "").family][door_of(path)]
            own = [await asked(client, login, path, shown) for _ in range(2)]
            others = [await asked(client, login, path, {}) for _ in range(2)]
            assert all(each.status_code in {401, 403} for each in others), path
            assert not {each.text for each in own} & {each.text for each in others}, path


async def test_what_was_open_is_closed_within_a_second_through_a_cache_of_others(
    through: str, committed: Connection
) -> None:
    login = (await filled(committed)).login
    await access.open_account(committed, login)
    public = [path for path in READS if not Function(ROWS["GET", path].function or "").private]
    async with httpx.AsyncClient(base_url=through, timeout=20) as client:
        opened = [[(await asked(client, login, path, {})).status_code for path in public] for _ in range(2)]
        assert opened == [[200] * len(public)] * 2
        await access.close_account(committed, login)
        await asyncio.sleep(ELSEWHERE_SECONDS)
        closed = [(await asked(client, login, path, {})).status_code for path in public]
    assert set(closed) <= {401, 403}
