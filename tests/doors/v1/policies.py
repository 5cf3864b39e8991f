"""Policies over v1: where they are, and how one is saved."""

from typing import Any

import httpx

from opencabinet.accounts import Account
from tests.doors.v1.asking import path

OPEN_BALANCE = {"default": {"level": "password"}, "functions": {"balance": {"level": "open"}}}


def policy_of(account: Account, rest: str = "") -> str:
    """Return where the policy of an account is."""
    return path(account.login, f"access-policy{rest}")


async def saved(
    site: httpx.AsyncClient, account: Account, own: dict[str, str], document: Any, query: str = ""
) -> httpx.Response:
    """Read the policy and replace it."""
    known = await site.get(policy_of(account), headers=own)
    return await site.put(policy_of(account, query), json=document, headers={**own, "If-Match": known.headers["etag"]})
