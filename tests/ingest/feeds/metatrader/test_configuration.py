"""What an operator tells of servers, and how it is refused."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opencabinet.ingest.feeds.metatrader import Feed, configuration
from opencabinet.ingest.feeds.metatrader.model import BadFeed, masks

ONE = """
[[feed]]
server = "Live"
kind = "mt4"
url = "mysql://reader:p%40ss%2Fword@db.example:3307/report"
clock = "NewYork+7"
poll_seconds = 0.5
"""


def written(folder: Path, text: str, mode: int = 0o600) -> Path:
    file = folder / "feeds.toml"
    file.write_text(text)
    file.chmod(mode)
    return file


def test_a_feed_is_read(tmp_path: Path) -> None:
    (feed,) = configuration.feeds(written(tmp_path, ONE))

    found = feed.address
    assert (found.host, found.port, found.user, found.password, found.database) == (
        *("db.example", 3307, "reader"),
        *("p@ss/word", "report"),
    )
    assert str(feed.poll_seconds) == "0.5"


def test_a_password_never_shows(tmp_path: Path) -> None:
    (feed,) = configuration.feeds(written(tmp_path, ONE))

    for shown in (repr(feed), str(feed), repr(feed.address), str(feed.address)):
        assert "ss" not in shown.replace("address", "")


def test_a_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFeed, match="chmod o-rwx"):
        configuration.feeds(written(tmp_path, ONE, 0o644))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("mysql://reader:p%40ss%2Fword@db.example:3307/report", "mysql://reader:p@ss/word@db/x"), "url"),
        (("mysql://", "postgres://"), "url"),
        (("/report", ""), "url"),
        (("3307", "99999"), "url"),
        (('clock = "NewYork+7"', ""), "clock"),
        (('"NewYork+7"', '"Mars/Base"'), "clock rule"),
        (('"mt4"', '"mt6"'), "kind"),
        (("0.5", "-1"), "poll_seconds"),
        (("0.5", "1e9"), "poll_seconds"),
        (("poll_seconds", "pol_seconds"), "pol_seconds"),
        (("[[feed]]", "[[feed"), "TOML"),
        ((ONE, ONE + ONE), "two feeds"),
        ((ONE, ""), "feed"),
    ],
)
def test_what_cannot_be_meant_is_one_clear_line(tmp_path: Path, change: tuple[str, str], reason: str) -> None:
    with pytest.raises(BadFeed, match=reason) as refused:
        configuration.feeds(written(tmp_path, ONE.replace(*change)))

    assert "\n" not in refused.value.detail
    assert "word" not in refused.value.detail.replace("password", "")


def test_a_file_that_is_missing_or_too_long_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFeed, match="No such file"):
        configuration.feeds(tmp_path / "none.toml")
    with pytest.raises(BadFeed, match="too long"):
        configuration.feeds(written(tmp_path, "#" * 1_000_001))


def test_an_mt5_server_may_tell_its_clock_itself() -> None:
    assert Feed(server="S", kind="mt5", url="mysql://a:b@c/d").clock == ""


@pytest.mark.parametrize(
    ("mask", "group", "fits"),
    [
        ("real\\*", "REAL\\Standard", True),
        ("real\\*", "realx", False),
        ("demo*", "demoforex", True),
        ("a.c", "abc", False),
        ("*cent*", "real\\Cent\\usd", True),
        ("preliminary", "preliminary", True),
    ],
)
def test_a_mask_means_its_back_slash_literally_and_any_letter_case(mask: str, group: str, *, fits: bool) -> None:
    assert bool(re.search(masks((mask,)), group.lower())) is fits


@given(
    st.text(st.characters(codec="ascii", min_codepoint=33), min_size=1, max_size=20).filter(lambda it: "*" not in it)
)
def test_a_mask_without_a_star_fits_itself_alone(text: str) -> None:
    assert re.fullmatch(masks((text,)), text.lower())
    assert not re.fullmatch(masks((text,)), text.lower() + "x")
