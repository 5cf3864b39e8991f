"""Where events may be sent: a table of addresses, and of ways to write them."""

from ipaddress import IPv4Network, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opencabinet.webhooks.sending.addresses import BadAddress, Place, Reach, objection, place, public

ANYWHERE = Reach()


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",  # noqa: S104 - not listened on
        *("0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.100.100.200", "127.0.0.1"),
        *("127.255.255.254", "168.63.129.16", "169.254.169.254", "169.254.170.2", "172.16.0.1", "172.31.255.255"),
        *("192.0.0.1", "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.0.1", "198.18.0.1", "198.19.255.255"),
        *("198.51.100.7", "203.0.113.7", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255"),
        *("::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:8.8.8.8", "::ffff:0:8.8.8.8"),
        *("64:ff9b::127.0.0.1", "64:ff9b::a00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::808:808", "100::1"),
        *("2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:db8::1", "2001:10::1", "2001:20::1"),
        *("2002:7f00:1::", "2002:a00:1::1", "2002:808:808::1", "3fff::1", "5f00::1", "fc00::1", "fd00:ec2::254"),
        *("fd12:3456::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "ff0e::1", "4000::1"),
    ],
)
def test_nobodys_addresses_are_not_sent_to(address: str) -> None:
    assert not public(ip_address(address))
    assert objection([ip_address("8.8.8.8"), ip_address(address)], ANYWHERE), "One is enough."


@pytest.mark.parametrize(
    "address",
    [
        *("1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "172.15.255.255"),
        *("172.32.0.0", "192.167.255.255", "192.169.0.0", "223.255.255.255", "2001:4860:4860::8888", "2600::1"),
        *("2a00:1450:4001::1", "2003::1", "64:ff9b::808:808"),
    ],
)
def test_public_addresses_are_sent_to(address: str) -> None:
    assert public(ip_address(address))
    assert objection([ip_address(address)], ANYWHERE) is None


@given(st.ip_addresses())
def test_python_knows_no_reason_against_what_is_sent_to(address: object) -> None:
    one = ip_address(str(address))

    if public(one) and one not in ip_network("64:ff9b::/96"):
        assert one.is_global
        assert not one.is_multicast
        assert not one.is_reserved


def test_a_host_without_addresses_is_not_sent_to() -> None:
    assert objection([], ANYWHERE) == "the host has no address"


def test_an_operator_lets_own_networks_be_reached() -> None:
    reach = Reach((IPv4Network("10.1.0.0/16"),))

    assert reach.lets(ip_address("10.1.2.3"))
    assert not reach.lets(ip_address("10.2.0.1"))
    assert not reach.lets(ip_address("::ffff:10.1.2.3"))
    assert place("https://10.1.2.3/", reach).host == "10.1.2.3"


@pytest.mark.parametrize(
    ("url", "host", "port", "target", "authority"),
    [
        ("https://example.com", "example.com", 443, "/", "example.com"),
        ("https://Hooks.Example.com:8443/a/b?c=d", "hooks.example.com", 8443, "/a/b?c=d", "hooks.example.com:8443"),
        ("https://8.8.8.8/x", "8.8.8.8", 443, "/x", "8.8.8.8"),
        ("https://[2600::1]:1024/x", "2600::1", 1024, "/x", "[2600::1]:1024"),
        ("https://xn--bcher-kva.example/%C3%BC", "xn--bcher-kva.example", 443, "/%C3%BC", "xn--bcher-kva.example"),
        ("https://example.com?x", "example.com", 443, "/?x", "example.com"),
    ],
)
def test_an_address_is_taken_apart(url: str, host: str, port: int, target: str, authority: str) -> None:
    found = place(url, ANYWHERE)

    assert found == Place("https", host, port, target)
    assert found.authority == authority


@pytest.mark.parametrize(
    "url",
    [
        *(
            "",
            "https://",
            "https:///x",
            "https://:443/",
            "//example.com",
            "example.com",
            "ftp://example.com",
            "file:///",
        ),
        *("http://example.com/", "HTTPS://example.com/", "https:/example.com", "https:example.com", "javascript:x"),
        *("https://user@example.com/", "https://user:pass@example.com/", "https://example.com@127.0.0.1/"),
        *("https://127.0.0.1#@example.com/", "https://example.com/#x", "https://example.com\\@127.0.0.1/"),
        *(
            "https://example.com/a b",
            "https://example.com/\n",
            "https://example.com/\r\nX: y",
            "https://example.com/\x00",
        ),
        *("https://example.com:0/", "https://example.com:25/", "https://example.com:22/", "https://example.com:1023/"),
        *(
            "https://example.com:65536/",
            "https://example.com:99999/",
            "https://example.com:+443/",
            "https://a:443:443/",
        ),
        *("https://127.0.0.1/", "https://127.1/", "https://0x7f.1/", "https://0x7f000001/", "https://2130706433/"),
        *("https://0177.0.0.1/", "https://017700000001/", "https://127.0.0.1./", "https://0/", "https://0x/"),
        *("https://example.0x7f/", "https://1.2.3.4.5/", "https://256.256.256.256/", "https://example.com./"),
        *("https://１２７.０.０.１/", "https://ⓔxample.com/", "https://exämple.com/", "https://example。com/"),
        *("https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://[::ffff:7f00:1]/", "https://[fe80::1%25eth0]/"),
        *("https://[fe80::1]/", "https://[::]/", "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/"),
        *("https://[8.8.8.8]/", "https://[example.com]/", "https://::1/", "https://[::1/", "https://::1]/"),
        *(
            "https://169.254.169.254/latest/meta-data/",
            "https://-a.example/",
            "https://a..example/",
            "https://.example/",
        ),
        *(f"https://{'a' * 64}.example/", f"https://{'a.' * 130}example/", f"https://example.com/{'a' * 2048}"),
        *("https://example.com/\u202e", "https://exa%6dple.com/", "https://localhost%00.example.com/"),
    ],
)
def test_what_is_no_place_to_send_to_is_refused(url: str) -> None:
    with pytest.raises(BadAddress):
        place(url, ANYWHERE)


def test_plain_http_is_the_operators_to_allow() -> None:
    assert place("http://example.com/", Reach(plain_http=True)) == Place("http", "example.com", 80, "/")
    with pytest.raises(BadAddress, match="https only"):
        place("http://example.com/", ANYWHERE)


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading(text: str) -> None:
    for url in (text, f"https://{text}", f"https://example.com/{text}"):
        try:
            found = place(url, ANYWHERE)
        except BadAddress:
            continue
        assert found.target.isascii()
        assert "@" not in found.authority
