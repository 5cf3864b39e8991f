"""Readers who never read."""

import asyncio
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from opencabinet.edge.readers import bounded, impatient
from tests.clients.serving import free_port

pytestmark = pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="The system cannot be asked for it.")


@contextmanager
def pair(listening: socket.socket) -> Iterator[tuple[socket.socket, socket.socket]]:
    """Give both ends of a connection: the client's, and ours."""
    with socket.create_connection(listening.getsockname()) as client:
        ours, _ = listening.accept()
        with ours:
            yield client, ours


def test_a_client_who_takes_nothing_is_cut_off() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        assert bounded(listening.getsockname()[1], 0.5) == 1
        with pair(listening) as (_, ours):
            ours.settimeout(15)
            with pytest.raises(TimeoutError, match="timed out") as cut:
                ours.sendall(b"x" * 2**26)
            assert cut.value.errno, "By the system, not by our own patience."


def test_who_came_before_it_was_looked_for_is_bounded_too() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening, pair(listening) as (client, ours):
        assert bounded(listening.getsockname()[1], 9) == 1
        options = [each.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) for each in (ours, client)]
        assert options == [9000, 0]


def test_a_client_who_takes_little_by_little_is_not() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        bounded(listening.getsockname()[1], 0.5)
        with pair(listening) as (client, ours):
            ours.settimeout(0)
            began = time.monotonic()
            while time.monotonic() - began < 3:
                try:
                    ours.send(b"x" * 65536)
                except BlockingIOError:
                    client.recv(262_144)
                    time.sleep(0.02)


async def test_a_server_is_found_once_it_listens() -> None:
    port = free_port()
    with impatient(port, seconds=7):
        await asyncio.sleep(0.3)
        with socket.create_server(("127.0.0.1", port)) as listening, socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            await asyncio.sleep(0.5)
            options = [each.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) for each in (listening, other)]
            assert options == [7000, 0]
            with pair(listening) as (_, ours):
                assert ours.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 7000
