import pytest

from opencabinet import accounts
from opencabinet.accounts.model import ClockNeeded, OtherClock
from opencabinet.db import Connection
from opencabinet.kernel.problem import Malformed

SERVER = "Example-Live"


async def test_a_server_becomes_known_with_its_clock(conn: Connection) -> None:
    first = await accounts.know_server(conn, SERVER, "NewYork+7")

    assert first.rule == "NewYork+7"
    assert await accounts.know_server(conn, SERVER, None) == first
    assert await accounts.know_server(conn, SERVER, "NewYork+7") == first


async def test_a_new_server_needs_a_clock(conn: Connection) -> None:
    with pytest.raises(ClockNeeded, match="--clock"):
        await accounts.know_server(conn, SERVER, None)


async def test_a_known_server_keeps_its_clock(conn: Connection) -> None:
    await accounts.know_server(conn, SERVER, "NewYork+7")

    with pytest.raises(OtherClock, match=r"NewYork\+7.*Europe/Athens"):
        await accounts.know_server(conn, SERVER, "Europe/Athens")
    assert (await accounts.know_server(conn, SERVER, None)).rule == "NewYork+7"


async def test_a_new_server_with_nonsense_for_a_clock_stays_unknown(conn: Connection) -> None:
    with pytest.raises(Malformed, match="no clock rule"):
        await accounts.know_server(conn, SERVER, "noon")
    with pytest.raises(ClockNeeded):
        await accounts.know_server(conn, SERVER, None)


@pytest.mark.parametrize("name", ["", "x" * 65, "two\nlines", "null\0", "bell\a", "\x7f", "\u202e"])
async def test_a_servers_name_is_printable_and_short(conn: Connection, name: str) -> None:
    with pytest.raises(Malformed, match="printable"):
        await accounts.know_server(conn, name, "UTC")


@pytest.mark.parametrize("name", ["x" * 64, "Broker Demo 5", "ブローカー", "x", "O'Neil; --"])
async def test_any_printable_name_will_do(conn: Connection, name: str) -> None:
    await accounts.know_server(conn, name, "UTC")

    assert (await accounts.know_server(conn, name, None)).rule == "UTC"
