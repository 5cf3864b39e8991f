"""Behind real proxies, told what the page says, the server sees the client, whatever the client claims."""

import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from opencabinet.settings import Settings
from tests.clients.proxies import NAME, PAGE, certify, proxying, written
from tests.clients.serving import Server, free_port, serving, until

CLIENT: Final = "127.0.0.9"
CLAIMS: Final[tuple[list[tuple[str, str]], ...]] = (
    [],
    [("X-Forwarded-For", "127.0.0.8")],
    [("X-Forwarded-For", "127.0.0.1")],
    [("X-Forwarded-For", "127.0.0.8, 127.0.0.1"), ("X-Forwarded-For", "127.0.0.1")],
    [("X-Forwarded-For", "unknown,"), ("Forwarded", "for=127.0.0.8"), ("X-Real-IP", "127.0.0.8")],
    [("X-Forwarded-For", ""), ("x_forwarded_for", "127.0.0.8")],
    [("X-Forwarded-For", '"127.0.0.8,')],
)
KINDS: Final = pytest.mark.parametrize("kind", ["nginx", "haproxy"])


@pytest.fixture(scope="module")
def cabinet(settings: Settings, home: Path) -> Iterator[Server]:
    """A server that trusts the proxies of this machine, but for the addresses that clients have."""
    with serving(settings, home / "behind.log", trusted_proxies="127.0.0.1") as running:
        yield running


def see(folder: Path, port: int, claims: list[tuple[str, str]]) -> Any:
    """Ask through a proxy who is seen."""
    context = ssl.create_default_context(cafile=folder / f"{NAME}.pem")
    transport = httpx.HTTPTransport(verify=context, local_address=CLIENT)
    with httpx.Client(transport=transport, headers={"Host": NAME}) as client:
        asked = {"headers": claims, "extensions": {"sni_hostname": NAME}}
        return client.get(f"https://127.0.0.1:{port}/v1/whoami", **asked).json()  # type: ignore[arg-type]  # each its own


def assert_seen(folder: Path, port: int, hops: list[str]) -> None:
    """See that the client is seen as itself, whatever it claims."""
    until(lambda: answers(port))
    for claims in CLAIMS:
        found = see(folder, port, claims)
        assert (found["address"], found["address_from"], found["hops"]) == (CLIENT, "x-forwarded-for", hops), claims
        assert f'"address_reason":"{found["address_reason"]}"' in PAGE.read_text("utf-8")


def answers(port: int) -> bool:
    """Whether something listens."""
    try:
        httpx.get(f"http://127.0.0.1:{port}/", timeout=5)
    except httpx.ConnectError:
        return False
    except httpx.TransportError:
        return True  # it speaks TLS
    return True


@KINDS
@pytest.mark.parametrize("adding", [False, True], ids=["over what was sent", "to what was sent"])
def test_the_client_is_seen_through_a_proxy_that_writes(
    cabinet: Server, tmp_path: Path, kind: str, *, adding: bool
) -> None:
    certify(tmp_path)
    port = free_port()

    with proxying(kind, written(kind, tmp_path, port, cabinet.host, adding=adding)):
        assert_seen(tmp_path, port, [CLIENT, "127.0.0.1"])


@KINDS
def test_the_client_is_seen_through_two_proxies(cabinet: Server, tmp_path: Path, kind: str) -> None:
    certify(tmp_path)
    outer, inner = free_port(), free_port()
    first, second = (kind, "haproxy" if kind == "nginx" else "nginx")
    target = {"nginx": f"127.0.0.1:{inner}", "haproxy": f"127.0.0.1:{inner} ssl verify none"}[first]
    configuration = written(first, tmp_path, outer, target)
    configuration.write_text(configuration.read_text().replace("proxy_pass http:", "proxy_pass https:"))

    with (
        proxying(second, written(second, tmp_path, inner, cabinet.host, adding=True)),
        proxying(first, configuration),
    ):
        until(lambda: answers(inner))
        assert_seen(tmp_path, outer, [CLIENT, "127.0.0.1", "127.0.0.1"])


def test_around_the_proxy_nothing_is_believed(cabinet: Server) -> None:
    with httpx.Client(transport=httpx.HTTPTransport(local_address=CLIENT)) as client:
        found = client.get(f"{cabinet.url}/v1/whoami", headers={"X-Forwarded-For": "127.0.0.8"}).json()

    assert (found["address"], found["address_from"]) == (CLIENT, "socket")
