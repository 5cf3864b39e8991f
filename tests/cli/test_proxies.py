"""What the start says about trusted proxies that cannot work, or that clients could be."""

import pytest

from opencabinet.cli.proxies import doubts
from opencabinet.settings import Settings
from tests.cli.processes import READY, running

EVERYWHERE = "0.0.0.0"  # noqa: S104 - what is tested


def doubted(**given: object) -> list[str]:
    """Give the doubts about settings."""
    return list(doubts(Settings(**given)))  # type: ignore[arg-type]  # each of its type


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"host": EVERYWHERE},
        {"trusted_proxies": "127.0.0.1"},
        {"host": "::1", "trusted_proxies": "::1"},
        {"host": "localhost", "trusted_proxies": "127.0.0.0/8, ::1", "forwarded_header": "forwarded"},
        {"host": EVERYWHERE, "allow_http": True, "trusted_proxies": "10.0.0.0/8"},
        {"host": "::", "trusted_proxies": "fd00::/16,192.168.0.0/16,2001:db8::/48,203.0.113.0/24"},
        {"host": "::", "trusted_proxies": "198.18.0.0/16"},
    ],
)
def test_what_can_work_makes_no_doubt(given: dict[str, object]) -> None:
    assert doubted(**given) == []


@pytest.mark.parametrize("host", ["127.0.0.1", EVERYWHERE])
def test_plain_http_for_a_proxy_that_nobody_named(host: str) -> None:
    [doubt] = doubted(host=host, allow_http=True)

    assert "every client will look like the proxy" in doubt


def test_a_header_of_nobody() -> None:
    [doubt] = doubted(forwarded_header="forwarded")

    assert "it will not be read" in doubt


@pytest.mark.parametrize(
    "wide",
    ["10.0.0.0/7", "0.0.0.0/1", "fc00::/7", "fc00::/15", "198.18.0.0/15", "104.16.0.0/13", "2001:db8::/47", "2000::/3"],
)
def test_a_network_that_clients_may_be_in(wide: str) -> None:
    [doubt] = doubted(host="::", trusted_proxies=f"{wide}, 10.0.0.1")

    assert doubt.startswith(f"{wide} in OPENCABINET_TRUSTED_PROXIES is so wide")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_a_server_of_this_machine_only_and_proxies_elsewhere(host: str) -> None:
    [doubt] = doubted(host=host, trusted_proxies="10.0.0.1, fd00::1")

    assert "listens on this machine only" in doubt


def test_proxies_of_the_other_kind_of_address() -> None:
    [doubt] = doubted(host="203.0.113.7", trusted_proxies="2001:db8::1")

    assert "listens on IPv4 only" in doubt


def test_doubts_do_not_keep_the_server_from_starting(settings: Settings) -> None:
    environment = {"OPENCABINET_TRUSTED_PROXIES": "10.0.0.1", "OPENCABINET_WORKERS": "1"}
    with running(settings.folder, "serve", OPENCABINET_DATABASE_URL=settings.database_url, **environment) as command:
        command.hear(READY)
        command.hear("Warning: The server listens on this machine only")
        assert command.end() == 0
