from ipaddress import IPv4Address, IPv4Network, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opencabinet.access import neighbourhood, network, peer
from opencabinet.kernel.problem import Malformed


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("203.0.113.7", "203.0.113.7/32"),
        (" 203.0.113.7\t", "203.0.113.7/32"),
        ("203.0.113.7/24", "203.0.113.0/24"),
        ("203.0.113.7/255.255.255.0", "203.0.113.0/24"),
        ("203.0.113.7/255.255.255.255", "203.0.113.7/32"),
        ("203.0.113.7/128.0.0.0", "128.0.0.0/1"),
        ("2001:db8::1", "2001:db8::1/128"),
        ("2001:DB8:0:0::1/48", "2001:db8::/48"),
        ("::ffff:192.0.2.7", "192.0.2.7/32"),
        ("::ffff:192.0.2.7/120", "192.0.2.0/24"),
        ("::ffff:c000:207/128", "192.0.2.7/32"),
    ],
)
def test_a_network_is_an_address_with_or_without_a_mask(written: str, meant: str) -> None:
    assert str(network(written)) == meant


@given(st.ip_addresses(v=4), st.integers(1, 32))
def test_a_dotted_mask_and_its_length_are_the_same(address: IPv4Address, length: int) -> None:
    dotted = IPv4Network((0, length)).netmask

    assert network(f"{address}/{dotted}") == network(f"{address}/{length}")


@pytest.mark.parametrize("all_of_it", ["0.0.0.0/0", "203.0.113.7/0.0.0.0", "::/0", "203.0.113.7/00"])
def test_a_mask_that_lets_everybody_in_is_refused(all_of_it: str) -> None:
    with pytest.raises(Malformed, match="everybody"):
        network(all_of_it)


@pytest.mark.parametrize("written", ["::ffff:0.0.0.0/96", "::ffff:203.0.113.7/96"])
def test_all_of_ipv4_written_as_ipv6_is_refused(written: str) -> None:
    with pytest.raises(Malformed, match="everybody"):
        network(written)


NO_ADDRESS = (
    *("", " ", "localhost", ":::", "203.0.113", "203.0.113.256", "203.0.113.7\0"),
    *("203.0.113.07", "0xcb.0.113.7", "3405803783", "２03.0.113.7", "203.0.113.7,198.51.100.7", "1" * 100_000),
)
NO_MASK = (
    *("", " 24", "-1", "+8", "33", "24/24", "1e1", "0x18", "２4", "٢٤", "255.255.255", "2" * 100_000),
    *("255.255.255.٠", "255.255.0255.0", "0.0.0.255", "0.0.255.255", "255.0.255.0", "255.255.255.1", "127.255.255.255"),
)
ZONED = ("fe80::1%eth0", "fe80::1%eth0/64", "::ffff:192.0.2.7%1", "fe80::%/64")


@pytest.mark.parametrize("text", NO_ADDRESS)
def test_what_is_no_address_is_refused_with_and_without_a_mask(text: str) -> None:
    refuses(text)
    refuses(f"{text}/24")


@pytest.mark.parametrize("text", NO_MASK)
def test_what_is_no_mask_is_refused_host_masks_and_masks_with_holes_too(text: str) -> None:
    refuses(f"203.0.113.7/{text}")


@pytest.mark.parametrize("text", ["129", "ffff::", "255.255.255.255.0", "64%eth0"])
def test_what_is_no_mask_of_ipv6_is_refused(text: str) -> None:
    refuses(f"2001:db8::1/{text}")


@pytest.mark.parametrize("text", ZONED)
def test_an_address_of_one_interface_is_refused_as_others_use_it_too(text: str) -> None:
    refuses(text)


def refuses(text: str) -> None:
    """See that `text` is no network, in few words."""
    with pytest.raises(Malformed, match="is no network") as refused:
        network(text)
    assert len(refused.value.detail) < 400


@given(st.text(max_size=40) | st.from_regex(r"\A[0-9a-f:.]{1,20}/[0-9.]{1,15}\Z"))
def test_any_text_is_a_network_or_refused(text: str) -> None:
    try:
        found = network(text)
    except Malformed:
        return
    assert found.prefixlen > 0
    assert network(str(found)) == found


@given(st.ip_addresses(v=4), st.integers(1, 32))
def test_a_mapped_network_means_the_addresses_it_maps(address: IPv4Address, length: int) -> None:
    assert network(f"::ffff:{address}/{96 + length}") == ip_network((address, length), strict=False)


@pytest.mark.parametrize(
    ("given_by_socket", "meant"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8::1", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
    ],
)
def test_a_peer_is_the_address_of_the_socket(given_by_socket: str, meant: str) -> None:
    assert peer(given_by_socket) == ip_address(meant)


@pytest.mark.parametrize("nowhere", [None, "", "testclient", "/run/cabinet.sock", "203.0.113.7:80"])
def test_a_peer_without_an_address_is_none(nowhere: str | None) -> None:
    assert peer(nowhere) is None


@pytest.mark.parametrize(
    ("address", "neighbours"),
    [
        ("203.0.113.7", "203.0.113.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.0/24"),
    ],
)
def test_neighbours_are_taken_for_one_caller(address: str, neighbours: str) -> None:
    found = peer(address)

    assert found is not None
    assert neighbourhood(found) == ip_network(neighbours)
