"""Who is behind a socket: headers spelled in every way, from peers that are trusted and that are not."""

from ipaddress import ip_address

import pytest

from opencabinet.access import network
from opencabinet.doors.seen import NOWHERE, Seen
from opencabinet.edge.client import Trust, resolve
from opencabinet.edge.entries import LONGEST, MOST

TRUSTED = tuple(map(network, ("10.0.0.0/8", "2001:db8:cafe::/48")))
PROXY, OUTER, CLIENT = "10.0.0.1", "10.0.0.2", "203.0.113.7"
FOR, FORWARDED = "x-forwarded-for", "forwarded"
EVERY = (
    *("x-forwarded-for", "forwarded", "x-real-ip", "true-client-ip", "cf-connecting-ip", "x-client-ip"),
    *("x-cluster-client-ip", "x-forwarded", "forwarded-for", "x-original-forwarded-for", "via", "client-ip"),
)


def seen(*lines: str, peer: str = PROXY, header: str = FOR) -> Seen:
    """Resolve a request with these lines of the header that is read."""
    return resolve(peer, [(header.encode(), line.encode("latin-1")) for line in lines], Trust(TRUSTED, header))


def address_of(found: Seen) -> str | None:
    """Return the address that was found, as text."""
    return None if found.address is None else str(found.address)


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("trust", [Trust(), Trust(TRUSTED), Trust(TRUSTED, FORWARDED)])
def test_a_stranger_is_not_believed_whatever_it_says(name: str, trust: Trust) -> None:
    for value in (b"10.0.0.9", b"for=10.0.0.9", b"", b"nonsense"):
        found = resolve(CLIENT, [(name.encode(), value)] * 2, trust)

        assert (address_of(found), found.derived_from, found.hops) == (CLIENT, "socket", (CLIENT,))


@pytest.mark.parametrize("header", [FOR, FORWARDED])
def test_of_a_trusted_proxy_one_header_is_read_and_no_other(header: str) -> None:
    claims = [(name.encode(), b"198.51.100.1") for name in EVERY if name != header]
    given = [*claims, (header.encode(), f"{'for=' * (header == FORWARDED)}{CLIENT}".encode()), *claims]

    found = resolve(PROXY, given, Trust(TRUSTED, header))

    assert (address_of(found), found.derived_from) == (CLIENT, header)
    assert resolve(PROXY, claims, Trust(TRUSTED, header)).address is None


@pytest.mark.parametrize(
    ("lines", "client", "hops"),
    [
        ([CLIENT], CLIENT, [CLIENT, PROXY]),
        ([f"\t {CLIENT} "], CLIENT, [CLIENT, PROXY]),
        ([f"198.51.100.1, {CLIENT}"], CLIENT, [CLIENT, PROXY]),
        ([f"{CLIENT}, {OUTER}"], CLIENT, [CLIENT, OUTER, PROXY]),
        ([f"{CLIENT},{OUTER}"], CLIENT, [CLIENT, OUTER, PROXY]),
        ([CLIENT, OUTER], CLIENT, [CLIENT, OUTER, PROXY]),
        ([f"198.51.100.1, {CLIENT}", OUTER], CLIENT, [CLIENT, OUTER, PROXY]),
        ([OUTER, CLIENT], CLIENT, [CLIENT, PROXY]),
        ([f"10.9.9.9, {CLIENT}, 10.8.8.8", OUTER], CLIENT, [CLIENT, "10.8.8.8", OUTER, PROXY]),
        (["nonsense", CLIENT], CLIENT, [CLIENT, PROXY]),
        ([f"unknown, , {CLIENT}"], CLIENT, [CLIENT, PROXY]),
        (["10.9.9.9"], "10.9.9.9", ["10.9.9.9", PROXY]),
        (["10.9.9.9, 10.8.8.8", OUTER], "10.9.9.9", ["10.9.9.9", "10.8.8.8", OUTER, PROXY]),
        (["2001:DB8:1::7"], "2001:db8:1::7", ["2001:db8:1::7", PROXY]),
        ([f"{CLIENT}, 2001:db8:cafe::2"], CLIENT, [CLIENT, "2001:db8:cafe::2", PROXY]),
        (["::ffff:203.0.113.7"], CLIENT, [CLIENT, PROXY]),
        (["::FFFF:cb00:7107"], CLIENT, [CLIENT, PROXY]),
        ([f"{CLIENT}, ::ffff:10.0.0.2"], CLIENT, [CLIENT, OUTER, PROXY]),
    ],
)
def test_lines_are_joined_and_walked_from_the_right(lines: list[str], client: str, hops: list[str]) -> None:
    found = seen(*lines)

    assert (address_of(found), list(found.hops)) == (client, hops)
    assert found.nearest == ip_address(hops[client not in {OUTER, "10.9.9.9"}]), "The last trusted hop."


NO_ADDRESS = (
    *("", " ", "unknown", "localhost", "client.example", "_hidden", "-", "null", "*"),
    *("010.0.0.1", "203.0.113.07", "0xcb.0.113.7", "0xcb007107", "3405803783", "203.0.28935", "203.113.7", "203.0.113"),
    *(
        "203.0.113.7.",
        ".203.0.113.7",
        "203.0.113.256",
        "203.0.113.-7",
        "+203.0.113.7",
        "203.0.113.7/32",
        "203.0.113.7\0",
    ),
    *("203.0.113.7:80", "[2001:db8:1::7]", "[2001:db8:1::7]:443", "203.0.113.7 198.51.100.1", '"203.0.113.7"'),
    *(
        "fe80::1%eth0",
        "fe80::1%25eth0",
        "2001:db8:1::7%",
        "2001:db8:1::7/128",
        "2001:db8:1:::7",
        "1::2::3",
        "::ffff:203.0.113",
    ),
    *(
        "2001:db8:1:2:3:4:5:6:7",
        "2001:db8:01234::7",
        ":",
        ":::",
        "\xb2\xb303.0.113.7",
        "\xa0203.0.113.7",
        "203.0.113.7\x0b",
    ),
    *("for=203.0.113.7", "203.0.113.7;203.0.113.8", "1" * 5000),
)


@pytest.mark.parametrize("written", NO_ADDRESS)
def test_what_is_no_address_is_nobodys(written: str) -> None:
    for lines in ([written], [f"{CLIENT}, {written}"], [CLIENT, f"{written},{OUTER}"]):
        found = seen(*lines)

        assert found.address is None, lines
        assert found.derived_from == FOR
        assert str(found.nearest) == (OUTER if OUTER in lines[-1] else PROXY), "The last that is trusted is known."
        assert found.hops[-1] == PROXY


def test_full_width_digits_are_none() -> None:
    for encoded in ("２03.0.113.7".encode(), "٢٠٣.0.113.7".encode()):
        assert resolve(PROXY, [(FOR.encode(), encoded)], Trust(TRUSTED)).address is None


@pytest.mark.parametrize("tunnelled", ["2002:a00:1::1", "64:ff9b::a00:1", "2001:0:a00:1::1", "::a00:1", "::10.0.0.1"])
def test_an_address_within_an_address_is_not_unwrapped(tunnelled: str) -> None:
    """Or whoever tunnels could be a proxy."""
    assert seen(f"198.51.100.1, {tunnelled}").address == ip_address(tunnelled)
    assert seen("198.51.100.1", peer=tunnelled).address == ip_address(tunnelled)


def test_a_mapped_peer_is_the_proxy_it_maps() -> None:
    assert address_of(seen(CLIENT, peer="::ffff:10.0.0.1")) == CLIENT
    assert address_of(seen(CLIENT, peer="2001:db8:cafe::1")) == CLIENT


@pytest.mark.parametrize("nowhere", [None, "", "testclient", "/run/cabinet.sock"])
def test_a_peer_without_an_address_is_nobody_whom_nobody_believes(nowhere: str | None) -> None:
    found = resolve(nowhere, [(b"x-forwarded-for", b"203.0.113.7")], Trust(TRUSTED))

    assert (found.address, found.nearest, found.hops, found.network) == (None, None, (), NOWHERE)


@pytest.mark.parametrize("header", [FOR, FORWARDED])
def test_a_proxy_that_says_nothing_is_not_taken_for_the_client(header: str) -> None:
    """Not for a check of health, either: where an address matters, the proxy's own may be one that is let in."""
    found = seen(header=header)

    assert (found.address, found.derived_from, str(found.nearest)) == (None, header, PROXY)
    assert address_of(seen(f"{'for=' * (header == FORWARDED)}{PROXY}", header=header)) == PROXY, "It can say so."


@pytest.mark.parametrize(
    "element",
    [
        "for=203.0.113.7",
        "For=203.0.113.7",
        'for="203.0.113.7"',
        'for="203.0.113.7:443"',
        'for="203.0.113.7:_port-1.a"',
        'for="20\\3.0.113.7"',
        "for=203.0.113.7;proto=https;by=10.0.0.1",
        "proto=https; for=203.0.113.7 ; by=_secret",
        ";;for=203.0.113.7;",
        'host="a, for=198.51.100.1;b\\"c";for=203.0.113.7',
        'for="[::ffff:203.0.113.7]"',
        'for="[::ffff:203.0.113.7]:1"',
    ],
)
def test_forwarded_is_read_as_its_standard_says(element: str) -> None:
    for lines in (
        [element],
        [f"for=198.51.100.1,{element}"],
        [f'{element}, for="[2001:db8:cafe::2]:7"'],
        ["for=_x", element],
    ):
        assert address_of(seen(*lines, header=FORWARDED)) == CLIENT, lines


def test_forwarded_knows_ipv6() -> None:
    assert address_of(seen('for="[2001:db8:1::7]:4711"', header=FORWARDED)) == "2001:db8:1::7"


@pytest.mark.parametrize(
    "element",
    [
        *("", "for", "for=", 'for=""', "=203.0.113.7", "by=203.0.113.7", "203.0.113.7", "for 203.0.113.7"),
        *("for=unknown", "for=_hidden", 'for="_hidden:80"', 'for="unknown"', "for=client.example"),
        *(
            "for=203.0.113.7:80",
            "for=[2001:db8:1::7]",
            'for="2001:db8:1::7"',
            'for="[203.0.113.7]"',
            "for=2001:db8:1::7",
        ),
        *(
            'for="203.0.113.7:"',
            'for="203.0.113.7:123456"',
            'for="203.0.113.7:_"',
            'for="203.0.113.7:8o"',
            'for="[::1"',
        ),
        *('for="fe80::1%eth0"', 'for="[fe80::1%eth0]"', "for=0203.0.113.7", "for=3405803783", 'for=" 203.0.113.7"'),
        *("for=203.0.113.7;for=203.0.113.7", "for=203.0.113.7;FOR=198.51.100.1", "for=203.0.113.7;proto=a;proto=b"),
        *(
            "for =203.0.113.7",
            "for= 203.0.113.7",
            "for=203.0.113.7 x",
            'for="203.0.113.7"x',
            'for=2"03.0.113.7"',
            'for=203.0.113.7"',
        ),
        *(
            'for="203.0.113.7',
            'for=203.0.113.7;host="',
            'for="203.0.113.7\\"',
            'for=203.0.113.7;a b="c"',
            "for='203.0.113.7'",
        ),
    ],
)
def test_what_forwarded_does_not_say_is_nobodys(element: str) -> None:
    for lines in ([element], [f"for=198.51.100.1, {element}"], [element, f"for={OUTER}"]):
        assert seen(*lines, header=FORWARDED).address is None, lines


@pytest.mark.parametrize("opened", ['for=10.0.0.9"', 'for=10.0.0.9;x="', 'for=10.0.0.9;x="\\', '"', 'for="10.0.0.9'])
@pytest.mark.parametrize(
    "added", ["for=203.0.113.7", 'for="203.0.113.7"', 'for="203.0.113.7";by="_a"', 'host="\\"";for=203.0.113.7']
)
def test_a_quotation_that_a_client_opens_hides_nothing_but_itself(opened: str, added: str) -> None:
    for lines in ([f"{opened}, {added}"], [opened, added]):
        assert seen(*lines, header=FORWARDED).address is None


def test_no_more_is_read_than_is_bounded() -> None:
    assert address_of(seen(", ".join(["198.51.100.1"] * 500 + [CLIENT]))) == CLIENT, (
        "What is not come to costs nothing."
    )
    assert address_of(seen(", ".join([CLIENT, *[OUTER] * (MOST - 1)]))) == CLIENT
    many = seen(", ".join([CLIENT, *[OUTER] * MOST]))
    assert (many.address, len(many.hops)) == (None, MOST + 1)
    for header, client in ((FOR, CLIENT), (FORWARDED, f"for={CLIENT}")):
        longest = "x" * (LONGEST - len(client) - 1)
        assert address_of(seen(longest, client, header=header)) == CLIENT
        assert seen(longest + "x", client, header=header).address is None


@pytest.mark.parametrize(
    ("found", "why"),
    [
        (resolve(CLIENT, [], Trust()), "It is the address of the connection, and no proxy is trusted"),
        (seen(peer=CLIENT), "It is the address of the connection, which is no trusted proxy's"),
        (resolve(None, [], Trust()), "It is not known: the connection has no address."),
        (seen(CLIENT), "A trusted proxy gave it in X-Forwarded-For."),
        (seen(f"for={CLIENT}", header=FORWARDED), "A trusted proxy gave it in Forwarded."),
        (seen(OUTER), "All addresses in X-Forwarded-For are those of trusted proxies; this is the first."),
        (seen(), "It is not known: the X-Forwarded-For of a trusted proxy is missing."),
        (seen("secret"), "It is not known: the X-Forwarded-For of a trusted proxy has an entry that is no address."),
        (
            seen("for=_s", header=FORWARDED),
            "It is not known: the Forwarded of a trusted proxy has an entry that names no",
        ),
    ],
)
def test_it_says_why_and_repeats_nothing_of_what_was_sent(found: Seen, why: str) -> None:
    assert found.why.startswith(why)
    assert found.why.endswith(".")
    assert "secret" not in repr(found)


@pytest.mark.parametrize(
    ("found", "counted"),
    [
        (seen(CLIENT), "203.0.113.0/24"),
        (seen("::ffff:203.0.113.9"), "203.0.113.0/24"),
        (seen("2001:db8:1:2:3::7"), "2001:db8:1:2::/64"),
        (seen("unknown"), "10.0.0.0/24"),
        (seen("unknown, 10.3.2.1"), "10.3.2.0/24"),
        (seen(), "10.0.0.0/24"),
        (resolve(None, [], Trust()), "0.0.0.0/24"),
    ],
)
def test_a_caller_is_counted_by_its_network_or_the_last_hop_that_is_known(found: Seen, counted: str) -> None:
    assert str(found.network) == counted
