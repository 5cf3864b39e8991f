"""Policies, credentials and questions as Hypothesis makes them: often near the edges of each other."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import Final

from hypothesis import strategies as st

from opencabinet.access import Ask, Family, Function, Grant, Hidden, Kind, Level, Policy, Redaction, Rule
from opencabinet.access.model import Bearer
from opencabinet.kernel.ids import Login

OURS, THEIRS = Login(7_000_001), Login(7_000_002)
INSIDE, OUTSIDE = ip_address("192.0.2.7"), ip_address("198.51.100.7")
NOW: Final = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
ORIGINS: Final = ("https://one.example", "https://two.example:8443")

addresses = st.none() | st.sampled_from([INSIDE, OUTSIDE]) | st.ip_addresses()
networks = st.builds(
    lambda address, length: ip_network((address, min(length, address.max_prefixlen)), strict=False),
    st.sampled_from([INSIDE, OUTSIDE]) | st.ip_addresses(),
    st.integers(1, 128),
)
listed = st.lists(networks, max_size=3).map(tuple)
moments = st.sampled_from([NOW + timedelta(minutes=minutes) for minutes in (-600, -6, -5, 0, 1, 600)])
redactions = st.builds(
    Redaction,
    hide=st.frozensets(st.sampled_from(Hidden)),
    delay_minutes=st.sampled_from([0, 15]),
    closed_only=st.booleans(),
    without_symbols=st.frozensets(st.sampled_from(["EURUSD", "XAUUSD"])),
)
rules = st.builds(
    Rule,
    level=st.sampled_from(Level),
    networks=listed,
    expires_at=st.none() | moments,
    redaction=redactions,
)
policies = st.builds(
    Policy, default=rules, rules=st.dictionaries(st.sampled_from(Function), rules, max_size=len(Function))
)
bearers = st.builds(
    Bearer,
    st.sampled_from([OURS, OURS, OURS, THEIRS]),
    st.sampled_from(Family),
    st.sampled_from([kind for kind in Kind if kind is not Kind.REFRESH]),
    functions=st.none() | st.frozensets(st.sampled_from(Function)),
    networks=listed,
    origins=st.lists(st.sampled_from(ORIGINS), max_size=2).map(tuple),
    proved_at=st.none() | moments,
)
grants = st.just(Grant(shown=False)) | st.just(Grant(shown=True)) | st.builds(Grant, st.just(value=True), bearers)
asks = st.builds(
    Ask,
    login=st.just(OURS),
    function=st.sampled_from(Function),
    address=addresses,
    origin=st.none() | st.sampled_from([*ORIGINS, "null", "https://one.example.evil.example"]),
    at=st.just(NOW),
    fresh=st.booleans(),
)
