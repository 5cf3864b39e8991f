"""What is noted of a click when it comes."""

import re
import time
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path

import crawleruseragents  # type: ignore[import-untyped]
import pytest

from opencabinet.partners.clicks import Caller, Countries, Noting, Told, read_token, spelled
from opencabinet.partners.clicks.bots import is_bot, patterns
from tests.partners.clicks import mmdb

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"
)
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Mobile/15E148"
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


def caller(
    address: str | None = "203.0.113.7", agent: str = CHROME, *, head: bool = False, prefetch: bool = False
) -> Caller:
    found = None if address is None else ip_address(address)
    bits = 64 if ":" in (address or "") else 24
    network = ip_network(f"{address or '0.0.0.0'}/{bits}", strict=False)  # noqa: S104 - nobody calls from there
    return Caller(address=found, network=network, agent=agent, head=head, prefetch=prefetch)


def visitor(noting: Noting, who: Caller, at: datetime = NOON) -> int:
    return noting.note("GOLD", Told(), who, at).visitor


def test_a_visitor_is_the_same_for_a_day_and_another_on_the_next() -> None:
    noting = Noting(b"key", Countries(None))
    first = visitor(noting, caller())

    assert visitor(noting, caller(), NOON + timedelta(hours=11)) == first
    assert visitor(noting, caller(), NOON + timedelta(days=1)) != first
    assert visitor(noting, caller("203.0.113.8")) != first
    assert visitor(noting, caller(agent=PHONE)) != first
    assert visitor(Noting(b"other", Countries(None)), caller()) != first
    assert -(2**63) <= first < 2**63


def test_of_an_address_its_network_is_kept() -> None:
    noting = Noting(b"key", Countries(None))

    assert noting.note("GOLD", Told(), caller(), NOON).network == "203.0.113.0/24"
    assert noting.note("GOLD", Told(), caller("2001:db8:1:2:3::4"), NOON).network == "2001:db8:1:2::/64"
    assert noting.note("GOLD", Told(), caller(None), NOON).network == ""
    assert "key" not in repr(noting)


def test_each_click_has_a_token_of_its_own() -> None:
    noting = Noting(b"key", Countries(None))
    tokens = {noting.note("GOLD", Told(), caller(), NOON).token for _ in range(100)}

    assert len(tokens) == 100
    for token in tokens:
        assert re.fullmatch(r"clk_[A-Za-z0-9_-]{22}", spelled(token))
        found = read_token(spelled(token))
        assert found is not None
        assert found.bytes == token


@pytest.mark.parametrize(
    "text", ["", "clk_", "clk_" + "a" * 21, "clk_" + "a" * 23, "clk_" + "=" * 22, "CLK_" + "a" * 22]
)
def test_what_is_no_token_is_nobodys(text: str) -> None:
    assert read_token(text) is None


def test_why_a_click_does_not_count_is_seen() -> None:
    assert caller().mark == ""
    assert caller(head=True).mark == "head"
    assert caller(prefetch=True).mark == "prefetch"
    assert caller(agent="Googlebot/2.1 (+http://www.google.com/bot.html)", head=True).mark == "bot"


def test_every_program_on_the_list_is_known_by_the_names_it_says() -> None:
    said = [name for each in crawleruseragents.CRAWLER_USER_AGENTS_DATA for name in each["instances"]]

    assert len(said) > 1_000
    assert [name for name in said if not is_bot(name)] == []
    assert sum(map(len, patterns()[0].values())) > 1_000


@pytest.mark.parametrize("agent", [CHROME, PHONE, "Opera/9.80 (J2ME/MIDP; Opera Mini/7.1) Presto/2.8 Version/11.10"])
def test_a_browser_is_no_program(agent: str) -> None:
    assert not is_bot(agent)
    assert not crawleruseragents.is_crawler(agent)


def test_whoever_says_no_name_is_a_program() -> None:
    assert is_bot("")


def test_names_that_nobody_sent_before_take_microseconds() -> None:
    names = [f"{CHROME} {'abcdefgh' * 40} {number}" for number in range(200)]
    is_bot("once")
    began = time.perf_counter()
    assert not any(map(is_bot, names))

    assert (time.perf_counter() - began) / len(names) < 0.002


async def test_a_country_is_that_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "countries.mmdb"
    mmdb.write(path, {"203.0.113.0/24": {"country": {"iso_code": "CY"}}, "198.51.100.0/24": {"country": {}}})
    async with Countries(path) as countries:
        noting = Noting(b"key", countries)

        assert noting.note("GOLD", Told(), caller()).country == "CY"
        assert noting.note("GOLD", Told(), caller("198.51.100.1")).country == ""
        assert noting.note("GOLD", Told(), caller("192.0.2.1")).country == ""
        assert noting.note("GOLD", Told(), caller("2001:db8::1")).country == ""
        assert noting.note("GOLD", Told(), caller(None)).country == ""


async def test_neighbours_may_be_of_several_countries(tmp_path: Path) -> None:
    path = tmp_path / "countries.mmdb"
    mmdb.write(
        path, {"203.0.113.0/25": {"country": {"iso_code": "CY"}}, "203.0.113.128/25": {"country": {"iso_code": "GR"}}}
    )
    async with Countries(path) as countries:
        noting = Noting(b"key", countries)
        told = [noting.note("GOLD", Told(), caller(f"203.0.113.{last}")).country for last in (7, 200, 8)]

    assert told == ["CY", "GR", "CY"]


async def test_another_file_in_its_place_is_read(tmp_path: Path) -> None:
    path = tmp_path / "countries.mmdb"
    mmdb.write(path, {"203.0.113.0/24": {"country": {"iso_code": "CY"}}})
    async with Countries(path) as countries:
        address = ip_address("203.0.113.7")
        assert countries.of(address) == "CY"

        mmdb.write(path, {"203.0.113.0/24": {"registered_country": {"iso_code": "gr"}}})
        await countries.look()
        assert countries.of(address) == "GR"

        path.write_bytes(b"nothing of the kind")
        await countries.look()
        assert countries.of(address) == "GR", "What was read last still holds."
        path.unlink()
        await countries.look()
        assert countries.of(address) == "GR"


@pytest.mark.parametrize(
    "told", ["text", {"country": "CY"}, {"country": {"iso_code": "CYP"}}, {"country": {"iso_code": "1\n"}}]
)
async def test_what_a_file_tells_is_a_country_or_nothing(tmp_path: Path, told: object) -> None:
    path = tmp_path / "countries.mmdb"
    mmdb.write(path, {"203.0.113.0/24": told})
    async with Countries(path) as countries:
        assert countries.of(ip_address("203.0.113.7")) == ""


@pytest.mark.parametrize(
    ("was", "is_now"),
    [
        (b"binary_format_major_version", b"something_of_another_format"),
        (b"\x47country", b"\xe0\x41x\0\0\0\0\0"),
    ],
)
async def test_a_damaged_file_tells_nothing_and_breaks_nothing(tmp_path: Path, was: bytes, is_now: bytes) -> None:
    path = tmp_path / "countries.mmdb"
    mmdb.write(path, {"203.0.113.0/24": {"country": {"iso_code": "CY"}}})
    path.write_bytes(path.read_bytes().replace(was, is_now))

    async with Countries(path) as countries:
        assert countries.of(ip_address("203.0.113.7")) == ""
        mmdb.write(path, {"203.0.113.0/24": {"country": {"iso_code": "GR"}}})
        await countries.look()
        assert countries.of(ip_address("203.0.113.7")) == "GR"


async def test_without_a_file_no_country_is_known(tmp_path: Path) -> None:
    for path in (None, tmp_path / "missing.mmdb"):
        async with Countries(path) as countries:
            assert countries.of(ip_address("203.0.113.7")) == ""
