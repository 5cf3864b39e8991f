"""A busy page costs little: a rendering is written once for all who are told the same."""

import asyncio
import threading
from collections.abc import Callable
from datetime import date

import httpx
import pytest

from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.doors.showing import asking
from opencabinet.doors.showing.once import Once
from opencabinet.doors.showing.options import Options
from opencabinet.doors.widgets.asked import Asked, place
from opencabinet.doors.widgets.writing import key_of
from opencabinet.doors.within import Answer, Nobody
from opencabinet.kernel.problem import Overloaded
from tests.doors.widgets.test_renderings import address

AT = "2026-11-02T12:00:00.000Z"
MOST = 8


def once(room: int = 2**20) -> Once:
    """Return what makes things once."""
    return Once("writing", room=room, most=MOST)


class Pen:
    """Writes, and counts how often."""

    def __init__(self, body: bytes = b"written") -> None:
        self.body = body
        self.times = 0
        self.free = threading.Event()
        self.free.set()

    def __call__(self) -> bytes:
        """Write."""
        self.free.wait(5)
        self.times += 1
        return self.body


async def test_many_who_ask_at_once_are_given_what_is_written_once() -> None:
    writer, pen = once(), Pen()
    pen.free.clear()
    asked = [asyncio.create_task(writer.give(b"a", pen)) for _ in range(50)]
    await asyncio.sleep(0.05)
    pen.free.set()

    assert set(await asyncio.gather(*asked)) == {b"written"}
    assert await writer.give(b"a", pen) == b"written"
    assert pen.times == 1


async def test_whoever_leaves_takes_nothing_from_the_others() -> None:
    writer, pen = once(), Pen()
    pen.free.clear()
    leaving, staying = (asyncio.create_task(writer.give(b"a", pen)) for _ in range(2))
    await asyncio.sleep(0.05)
    leaving.cancel()
    pen.free.set()

    assert await staying == b"written"


async def test_what_fails_is_written_again() -> None:
    writer, pen = once(), Pen()

    def fail() -> bytes:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await writer.give(b"a", fail)
    assert await writer.give(b"a", pen) == b"written"


async def test_what_nobody_asked_for_longest_makes_room() -> None:
    writer = once(room=100)
    pens = [Pen(b"x" * 40) for _ in range(3)]
    for place_, pen in enumerate(pens):
        await writer.give(b"%d" % place_, pen)
    await writer.give(b"0", pens[0])

    assert [pen.times for pen in pens] == [2, 1, 1]
    assert writer.size <= 100


async def test_too_many_are_sent_away() -> None:
    writer, pen = once(), Pen()
    pen.free.clear()
    waiting = [asyncio.create_task(writer.give(b"%d" % number, pen)) for number in range(MOST)]
    await asyncio.sleep(0.05)
    with pytest.raises(Overloaded):
        await writer.give(b"more", pen)
    pen.free.set()
    await asyncio.gather(*waiting)


async def test_a_widget_that_is_asked_for_again_is_not_written_again(
    site: httpx.AsyncClient, account: Account, committed: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []
    showing: Callable[..., object] = asking.showing

    def noted(*given: object) -> object:
        written.append("once")
        return showing(*given)

    monkeypatch.setattr(asking, "showing", noted)
    for _ in range(3):
        assert (await site.get(address("balance", account))).status_code == 200
    assert len(written) == 1

    await committed.run("UPDATE accounts SET equity = 1001 WHERE login = %(login)s", login=account.login)
    assert "1,001.00" in (await site.get(address("balance", account))).text
    assert len(written) == 2


def test_whatever_changes_what_is_seen_makes_it_another() -> None:
    told = (asking.Told(Answer(200, {}, b"{}"), {"as_of": AT, "balance": "1"}, "/v1/a"),)
    poorer = (asking.Told(Answer(200, {}, b"{}"), {"as_of": AT, "balance": "0"}, "/v1/a"),)
    usual = looked()
    others = [
        key_of(looked(theme="dark"), "svg", told),
        key_of(looked(lang="ar"), "svg", told),
        key_of(looked(login="2"), "svg", told),
        key_of(usual, "txt", told),
        key_of(usual, "svg", poorer),
    ]

    assert key_of(usual, "svg", told) == key_of(looked(), "svg", told)
    assert len({key_of(usual, "svg", told), *others}) == 6


def looked(login: str = "1", **given: str) -> Asked:
    """Return what somebody asks for."""
    options = Options(today=date(2026, 1, 1), **given)  # type: ignore[arg-type]  # each of its member's type
    where = place("balance", login)
    return Asked(place=where, query="", options=options, as_=Nobody(), base="http://a", checks="http://a")
