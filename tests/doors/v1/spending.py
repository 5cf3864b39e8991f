"""Spending the budgets of reads."""

import httpx
import pytest

from opencabinet.doors.budgets import Budgets, Rates
from tests.doors.legacy.asking import litestar


def still(site: httpx.AsyncClient, rates: Rates | None = None) -> None:
    """Let everybody's budgets be whole, and time stand still for them."""
    state = litestar(site).state
    quotas = rates or Rates().share(2)
    state.budgets = Budgets(quotas, lambda: 0.0)


async def until_refused(site: httpx.AsyncClient, where: str, headers: dict[str, str] | None = None) -> tuple[int, int]:
    """Ask until told to wait, more often than any budget here allows; return how often it was not so, and how long."""
    for times in range(700):
        answer = await site.get(where, headers=headers)
        if answer.status_code == 429:
            return times, int(answer.headers["retry-after"])
    pytest.fail("There is no limit.")
