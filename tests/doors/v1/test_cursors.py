"""Cursors: opaque, and good for the question they were made for and no other."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import timedelta
from itertools import pairwise
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opencabinet import access
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.doors.v1 import Sealer
from opencabinet.doors.v1.cursors import EPOCH
from opencabinet.doors.v1.problems import Invalid
from opencabinet.kernel.ids import Login
from opencabinet.kernel.page import Key
from opencabinet.settings import Settings
from tests.doors.v1 import fuzzing
from tests.doors.v1.asking import asked, filled, path, refused, signed_in

SEALER = Sealer(b"s" * 32)
MANY = ("trades/open", "trades/closed", "orders", "movements")
BAD = (400, "invalid_parameter")
moments = st.integers(-(2**50), 2**50).map(lambda micros: EPOCH + timedelta(microseconds=micros))
keys = st.builds(Key, moments, st.integers(-1, 2**63 - 1))


@given(keys, st.text(max_size=30))
def test_a_sealed_key_comes_back_as_it_was(key: Key, question: str) -> None:
    cursor = SEALER.seal(key, question)

    assert SEALER.open(cursor, question) == key
    assert len(cursor) <= 64
    assert cursor.replace("-", "").replace("_", "").isalnum()


@given(keys, st.text(max_size=9), st.text(max_size=9))
def test_a_cursor_answers_one_question(key: Key, one: str, other: str) -> None:
    if one != other:
        with pytest.raises(Invalid):
            SEALER.open(SEALER.seal(key, one), other)


@given(keys, st.data())
def test_an_altered_cursor_is_refused(key: Key, data: st.DataObject) -> None:
    cursor = SEALER.seal(key, "question")
    place = data.draw(st.integers(0, len(cursor)))
    letters = data.draw(st.text(st.sampled_from("AZaz09-_=+/ !é\n"), max_size=2))
    altered = cursor[:place] + letters + cursor[place + data.draw(st.integers(0, 2)) :]
    if altered != cursor:
        with pytest.raises(Invalid):
            SEALER.open(altered, "question")


@given(st.text(max_size=100))
def test_garbage_is_no_cursor(text: str) -> None:
    with pytest.raises(Invalid):
        SEALER.open(text, "question")


def test_another_installation_made_no_cursor_of_ours() -> None:
    key = Key(EPOCH, 1)

    with pytest.raises(Invalid):
        Sealer(b"t" * 32).open(SEALER.seal(key, "question"), "question")
    assert "s" * 8 not in repr(SEALER)


def test_a_cursor_has_one_spelling() -> None:
    """The last letter of base 64 has bits to spare, which a lenient reader passes over."""
    cursor = SEALER.seal(Key(EPOCH, 1), "question")
    packed = urlsafe_b64decode(cursor + "=")
    same = [cursor[:-1] + letter for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if letter != cursor[-1]]
    read_alike = [each for each in same if urlsafe_b64decode(each + "=") == packed]

    assert read_alike or cursor[-1].islower() or cursor[-1].isdigit()
    for each in (*read_alike, cursor + "=", urlsafe_b64encode(packed).decode(), cursor + "!"):
        with pytest.raises(Invalid):
            SEALER.open(each, "question")


@pytest.mark.parametrize("rest", MANY)
async def test_a_cursor_is_bound_to_its_list_its_account_and_its_question(
    site: httpx.AsyncClient, committed: Connection, account: Account, own: dict[str, str], settings: Settings, rest: str
) -> None:
    where = path(account.login, rest)
    cursor = (await asked(site, where, own, limit=1))["page"]["next_cursor"]
    other = await filled(committed)
    others = await signed_in(site, committed, other.login, settings)

    assert await refused(site, path(other.login, rest), others, cursor=cursor) == BAD
    for elsewhere in set(MANY) - {rest}:
        assert await refused(site, path(account.login, elsewhere), own, cursor=cursor) == BAD
    for changed in ({"since": "2026-01-01"}, {"until": "2027-01-01"}):
        assert await refused(site, where, own, cursor=cursor, **changed) == BAD
    for wrong in (cursor[:-1], cursor + "A", cursor.swapcase(), "A" * 43, "", "x", "\x00", "é", "A" * 5000):
        status, _ = await refused(site, where, own, cursor=wrong)
        assert status == 400 if len(wrong) < 4000 else 422


@pytest.mark.parametrize("rest", MANY)
async def test_a_cursor_holds_for_any_limit_fields_and_spelling_of_the_path(
    site: httpx.AsyncClient, account: Account, own: dict[str, str], rest: str
) -> None:
    where = path(account.login, rest)
    first = await asked(site, where, own, limit=1)
    given = {"cursor": first["page"]["next_cursor"]}

    plain = await asked(site, where, own, **given)
    spelled = await asked(site, f"{where}/", own, limit=2, fields="comment", **given)

    assert len(plain["data"]) == len(spelled["data"]) == 2
    assert not plain["page"]["has_more"]


async def test_a_cursor_made_with_a_period_is_read_with_it(
    site: httpx.AsyncClient, account: Account, own: dict[str, str]
) -> None:
    where, given = path(account.login, "trades/closed"), {"since": "2026-01-01", "symbol": "EURUSD"}
    cursor = (await asked(site, where, own, limit=1, **given))["page"]["next_cursor"]

    assert len((await asked(site, where, own, cursor=cursor, **given))["data"]) == 2
    assert await refused(site, where, own, cursor=cursor, since="2026-01-01") == BAD
    assert await refused(site, where, own, cursor=cursor, **{**given, "time_field": "open"}) == BAD


async def test_no_question_can_be_worded_like_another(
    site: httpx.AsyncClient, account: Account, own: dict[str, str]
) -> None:
    where = path(account.login, "orders")
    cursor = (await asked(site, where, own, limit=1, state="working", symbol="EURUSD"))["page"]["next_cursor"]

    assert await refused(site, where, own, cursor=cursor, state="working&symbol=EURUSD") == BAD
    assert await refused(site, where, own, cursor=cursor, symbol="EURUSD&state=working") == BAD


@pytest.mark.parametrize(
    "rest", ["trades/closed", "trades/closed?time_field=open", "orders", "movements", "trades/open"]
)
async def test_pages_joined_are_the_whole_list(
    site: httpx.AsyncClient, committed: Connection, settings: Settings, rest: str
) -> None:
    await fuzzing.account(committed, settings)
    await access.open_account(committed, Login(int(fuzzing.LOGIN)))
    name, _, query = rest.partition("?")
    given: dict[str, Any] = dict(piece.split("=") for piece in query.split("&") if piece)
    where = path(fuzzing.LOGIN, name)
    whole = await asked(site, where, limit=500, **given)

    pages = [await asked(site, where, limit=7, **given)]
    while cursor := pages[-1]["page"]["next_cursor"]:
        pages.append(await asked(site, where, limit=7, cursor=cursor, **given))

    assert [row for page in pages for row in page["data"]] == whole["data"]
    assert sum(page["receipt"]["count"] for page in pages) == whole["receipt"]["count"]
    for newer, older in pairwise(page["receipt"] for page in pages):
        assert newer["opening_balance"] == older["closing_balance"]
