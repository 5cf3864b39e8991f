"""Making keys, and showing them."""

from typing import Any

import httpx

from tests.doors.v1.asking import path

SERVER = {"kind": "server", "name": "reporting", "functions": ["balance"]}
PROVED_LONG_AGO = "UPDATE tokens SET proved_at = proved_at - interval '6 minutes'"


async def made(site: httpx.AsyncClient, login: int, own: dict[str, str], **given: Any) -> Any:
    """Make a key; it must be made."""
    answer = await site.post(path(login, "keys"), json=given, headers=own)
    assert answer.status_code == 201, answer.text
    assert answer.headers["cache-control"] == "private, no-store"
    return answer.json()


def bearing(secret: str, **more: str) -> dict[str, str]:
    """Return the headers that show a credential."""
    return {"Authorization": f"Bearer {secret}", **more}


async def balance(site: httpx.AsyncClient, login: int, secret: str, **more: str) -> httpx.Response:
    """Read the balance with a credential."""
    return await site.get(path(login, "balance"), headers=bearing(secret, **more))
