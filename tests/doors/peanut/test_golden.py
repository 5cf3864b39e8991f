"""Whole bodies, byte for byte, in both dialects; a file of tests/golden/peanut changes only with the wire."""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.doors.peanut.wire import Dialect
from opencabinet.settings import Settings
from tests import make
from tests.doors.legacy import recorded
from tests.doors.peanut.asking import BONUSES, CLOSED, DEPOSIT, INFORMATION, OPEN, OPERATIONS, STATS, ask

FOLDER = recorded.FOLDER.parent / "peanut"
NAMES = {
    INFORMATION: "information",
    OPEN: "open-trades",
    CLOSED: "closed-trades",
    OPERATIONS: "operations",
    BONUSES: "bonuses",
    STATS: "stats",
}
STORED = some.decimals(min_value=-(10**16), max_value=10**16, places=8)
"""What NUMERIC(24,8) holds."""


def hidden(body: bytes) -> bytes:
    """Return a body without the hash of the phone number, which every installation makes its own way."""
    return re.sub(rb'"phone":"[0-9a-f]{32}"', b'"phone":"%s"' % (b"0" * 32), body)


def literals(body: bytes) -> Iterator[str]:
    """Give every number of a JSON text as it is written."""
    found: list[str] = []
    json.loads(body, parse_int=found.append, parse_float=found.append)
    yield from found


@pytest.mark.parametrize("path", NAMES)
async def test_a_method_answers_what_is_recorded(
    site: httpx.AsyncClient, linked: httpx.AsyncClient, account: Account, own: str, path: str
) -> None:
    for client, dialect in ((site, "2023"), (linked, "2021")):
        answer = await ask(client, path, account.login, own)

        assert hidden(answer.content) == recorded.golden(f"{NAMES[path]}-{dialect}.json", FOLDER), dialect
        assert answer.headers["content-type"] == "application/json; charset=utf-8"


@pytest.mark.parametrize("path", [INFORMATION, STATS])
async def test_an_account_of_which_little_is_known_has_the_same_members_and_no_null(
    site: httpx.AsyncClient, committed: Connection, settings: Settings, path: str
) -> None:
    unknown: dict[str, Any] = {
        "name": "",
        "currency": "",
        "leverage": None,
        "equity": None,
        "margin": None,
        "floating": None,
    }
    made = await make.account(committed, **unknown)
    shown = await make.token(committed, made.login, settings)

    answer = (await ask(site, path, made.login, shown)).json()

    whole = json.loads(recorded.golden(f"{NAMES[path]}-2023.json", FOLDER))
    assert list(answer) == list(whole)
    assert None not in answer.values()
    assert [type(value) for value in answer.values()] == [type(value) for value in whole.values()]


async def test_no_number_has_an_exponent_and_a_members_numbers_are_of_one_kind(
    site: httpx.AsyncClient, account: Account, own: str
) -> None:
    for path in (OPEN, CLOSED):
        answer = await ask(site, path, account.login, own)
        rows: list[dict[str, Any]] = answer.json()
        assert all(re.fullmatch(r"-?\d+(\.\d+)?", each) for each in literals(answer.content))
        for member in rows[0]:
            kinds = {type(row[member]) for row in rows if row[member] is not None}
            assert len(kinds) == 1, member


@given(STORED)
@example(Decimal("1E+2"))
@example(Decimal("-0.00000000"))
def test_a_double_is_the_same_figure_in_both_dialects(figure: Decimal) -> None:
    newer, older = (bytes(dialect.number(figure)).decode() for dialect in (Dialect.OF_2023, Dialect.OF_2021))

    assert re.fullmatch(r"-?(0|[1-9][0-9]*)\.[0-9]+", newer)
    assert older == newer.removesuffix(".0")
    assert Decimal(older) == figure


async def test_lists_of_an_account_that_did_nothing_are_empty(
    site: httpx.AsyncClient, committed: Connection, settings: Settings
) -> None:
    made = await make.account(committed)
    shown = await make.token(committed, made.login, settings)

    for path in (OPEN, CLOSED, OPERATIONS):
        assert (await ask(site, path, made.login, shown)).content == b"[]"


async def test_the_page_to_pay_in_is_the_accounts_own(
    linked: httpx.AsyncClient, site: httpx.AsyncClient, account: Account, own: str
) -> None:
    assert (await ask(linked, DEPOSIT, account.login, own)).content == b'{"url":"https://broker.example/in/1234567"}'
    assert (await ask(site, DEPOSIT, account.login, own)).status_code == 404  # none is set
