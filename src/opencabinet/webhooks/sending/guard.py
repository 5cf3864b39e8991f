"""Connecting to the very address that was judged: a name may mean another one a moment later."""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from ipaddress import ip_address
from typing import Any, Final

import httpcore

from opencabinet.access import Address
from opencabinet.webhooks.sending.addresses import Reach, objection

RESOLVERS: Final = 32
"""So many names are looked up at once; a slow server of names holds up those of its own hosts only."""
MOST_TRIED: Final = 3
Resolve = Callable[[str, int], Awaitable[list[Address]]]


class Unreachable(httpcore.ConnectError):
    """The receiver is not sent to."""


class Resolver:
    """Looks names up as the machine does, each time anew, in threads of its own."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(RESOLVERS, thread_name_prefix="webhook-names")

    async def __call__(self, host: str, port: int) -> list[Address]:
        """Return every address of a host."""
        loop = asyncio.get_running_loop()
        try:
            found = await loop.run_in_executor(self._threads, look_up, host, port)
        except (OSError, UnicodeError) as unknown:
            raise Unreachable("the host is not known") from unknown
        return list(dict.fromkeys(ip_address(each) for each in found))

    def close(self) -> None:
        """Look nothing up any more."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def look_up(host: str, port: int) -> list[str]:
    """Return the addresses of a host as text."""
    return [str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def own(address: Address) -> bool:
    """Whether an address is this machine's: from there it would be reached by itself. Nothing is sent to find out."""
    family = socket.AF_INET6 if address.version == 6 else socket.AF_INET  # noqa: PLR2004 - IPv6
    with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
        probe.connect((str(address), 9))
        return bool(probe.getsockname()[0] == str(address))
    return False


class Closing(httpcore.AsyncNetworkStream):
    """A connection that is closed if its TLS does not begin; httpcore leaves one open that is given up meanwhile."""

    def __init__(self, inner: httpcore.AsyncNetworkStream) -> None:
        self._inner = inner

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - httpcore's own
        """Read some bytes."""
        return await self._inner.read(max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 - the same
        """Write bytes."""
        await self._inner.write(buffer, timeout)

    async def aclose(self) -> None:
        """Close it."""
        await self._inner.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - the same
    ) -> httpcore.AsyncNetworkStream:
        """Begin TLS."""
        try:
            return await self._inner.start_tls(ssl_context, server_hostname, timeout)
        except BaseException:
            await self._inner.aclose()
            raise

    def get_extra_info(self, info: str) -> Any:
        """Return what is known of the connection."""
        return self._inner.get_extra_info(info)


class Guarded(httpcore.AsyncNetworkBackend):
    """Connects to hosts all of whose addresses may be reached, and to one of those addresses."""

    def __init__(self, reach: Reach, resolve: Resolve) -> None:
        self.reach = reach
        self.resolve = resolve
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's own
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect.

        Raises:
            Unreachable: if the host is not one that may be reached.
        """
        try:
            async with asyncio.timeout(timeout):
                found = await self.resolve(host, port)
                if reason := self.objection(found):
                    raise Unreachable(reason)
                return await self._any(found[:MOST_TRIED], port, local_address, socket_options)
        except TimeoutError as late:
            raise httpcore.ConnectTimeout from late

    def objection(self, found: list[Address]) -> str | None:
        """Say why a host with these addresses is not sent to, if it is not."""
        others = [each for each in found if not any(each in network for network in self.reach.networks)]
        return objection(found, self.reach) or ("the host is this server" if any(map(own, others)) else None)

    async def _any(
        self, found: list[Address], port: int, local_address: str | None, options: Iterable[Any] | None
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first of some addresses that answers."""
        for address in found[:-1]:
            with suppress(httpcore.ConnectError):
                return await self._connect(address, port, local_address, options)
        return await self._connect(found[-1], port, local_address, options)

    async def _connect(
        self, address: Address, port: int, local_address: str | None, options: Iterable[Any] | None
    ) -> httpcore.AsyncNetworkStream:
        return Closing(await self._inner.connect_tcp(str(address), port, None, local_address, options))

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's own
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Refuse: nothing is sent to a socket of this machine."""
        del path, timeout, socket_options
        raise Unreachable("nothing is sent there")

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await self._inner.sleep(seconds)
