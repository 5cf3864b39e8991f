"""Options are read within bounds, or refused in a word that names them; what they become is no syntax error of v1."""

from datetime import timedelta
from typing import Any, get_args

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from opencabinet.access import Redaction
from opencabinet.db import Connection
from opencabinet.doors.showing import options
from opencabinet.doors.showing.definitions import WIDGETS
from opencabinet.doors.showing.html import html
from opencabinet.doors.showing.model import Refused
from opencabinet.doors.showing.options import BadOption, Options, Theme
from opencabinet.doors.wording import LANGUAGES
from tests import make
from tests.doors.redactions import opened
from tests.doors.shown.asking import asked
from tests.doors.v1.asking import filled

COLUMNS = ("symbol", "lots", "net")
NAMES = [*options.READERS, "columns"]
days = st.dates().map(str)
good = st.fixed_dictionaries(
    {},
    optional={
        "lang": st.sampled_from(sorted(LANGUAGES)),
        "theme": st.sampled_from(get_args(Theme)),
        "accent": st.from_regex(r"\A#?[0-9a-fA-F]{6}\Z"),
        "rows": st.integers(1, options.MOST_ROWS).map(str),
        "period": st.sampled_from([*options.PERIODS, "all"]),
        "from": days,
        "to": days,
        "symbol": st.text(min_size=1, max_size=64),
        "group": st.sampled_from(options.GROUPS),
        "category": st.sampled_from(options.CATEGORIES),
        "language": st.sampled_from(["en", "ar", "zz"]),
        "symbols": st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=20).map(",".join),
        "columns": st.lists(st.sampled_from(COLUMNS), max_size=5).map(",".join),
        "title": st.sampled_from(["show", "hide"]),
        "width": st.integers(options.LEAST_WIDTH, options.MOST_WIDTH).map(str),
    },
)


def read(query: dict[str, str], lang: str = "en") -> Options:
    """Read options, today."""
    return Options.read(query, now=make.NOW, columns=COLUMNS, lang=lang)


@given(st.dictionaries(st.sampled_from(NAMES) | st.text(), st.text() | st.integers().map(str)))
def test_whatever_is_asked_is_read_within_bounds_or_refused_by_name(query: dict[str, str]) -> None:
    try:
        found = read(query)
    except BadOption as wrong:
        assert wrong.detail.startswith(f"{wrong.name}: ")  # noqa: PT017 - some are read
        assert wrong.name in query  # noqa: PT017
        return
    assert 1 <= found.rows <= options.MOST_ROWS
    assert options.LEAST_WIDTH <= found.width <= options.MOST_WIDTH
    assert found.lang in LANGUAGES
    assert found.theme in get_args(Theme)
    assert set(found.columns) <= set(COLUMNS)
    assert len(found.symbols) <= options.MOST_SYMBOLS
    assert found.accent is None or (len(found.accent) == 6 and found.accent.isascii() and found.accent.isalnum())
    assert not found.since or not found.until or found.since < found.until


@settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(query=good, data=st.data())
async def test_what_is_within_bounds_is_shown_or_refused_in_words(
    site: httpx.AsyncClient, committed: Connection, query: dict[str, Any], data: Any
) -> None:
    account = await filled(committed)
    await opened(committed, account.login, Redaction())
    name = data.draw(st.sampled_from(sorted(WIDGETS)))
    known = {**query, "columns": ",".join(WIDGETS[name].columns[:2])}
    try:
        found = await asked(site, name, account.login, **known)
    except BadOption:
        return

    if isinstance(found, Refused):
        assert found.status < 500, (name, known)
        assert found.status != 422 or "from" in known or "to" in known, "a period that v1 finds too long"
    assert str(html(found)).startswith("<article ")


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("rows", "0", "from 1 to 100"),
        ("rows", "101", "from 1 to 100"),
        ("rows", "٣", "from 1 to 100"),
        ("accent", "red;}", "six hex digits"),
        ("theme", "neon", "auto, light, dark, host"),
        ("lang", "../ar", "en, ar"),
        ("columns", "symbol,secret", "'secret'"),
        ("from", "yesterday", "2026-03-02"),
        ("symbol", "a\nb", "1 to 64"),
        ("symbols", ",".join(f"S{number}" for number in range(21)), "At most 20"),
        ("period", "decade", "day, week"),
        ("language", "<b>", "like en"),
        ("width", "99999", "from 200 to 1600"),
        ("title", "no", "show, hide"),
    ],
)
def test_what_is_out_of_bounds_is_refused_with_what_would_do(name: str, text: str, why: str) -> None:
    with pytest.raises(BadOption, match=why) as caught:
        read({name: text})

    assert caught.value.name == name


def test_names_of_others_are_left_to_them() -> None:
    assert read({"utm_source": "forum", "fbclid": "x" * 500}) == read({})


def test_a_period_begins_with_a_whole_day_so_that_an_answer_can_be_held() -> None:
    found = read({"period": "month"})

    assert found.span == {"from": str(make.NOW.date() - timedelta(days=30))}
    assert read({"period": "all"}).span == {}
    assert read({"period": "week", "from": "2026-01-01"}).span == {"from": "2026-01-01"}


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(BadOption, match="ends before it begins"):
        read({"from": "2026-03-02", "to": "2026-03-02"})


def test_the_language_is_the_readers_unless_told() -> None:
    assert read({}, lang="ar").lang == "ar"
    assert read({"lang": "en"}, lang="ar").lang == "en"
