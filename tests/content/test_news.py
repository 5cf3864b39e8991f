"""News: told at its time, changed, and retracted."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec import structs

from opencabinet import content
from opencabinet.content import Article, BadContent, NoSuchArticle
from opencabinet.db import Connection
from opencabinet.kernel.page import NEWEST
from tests.content.telling import TEXT, news

EARLY = datetime(2026, 3, 1, 12, tzinfo=UTC)


async def told(conn: Connection, **given: Any) -> list[int]:
    """Return the ids of what is told."""
    return [each.id for each in (await content.news(conn, **given)).rows]


async def test_a_text_is_told_with_its_heading_and_its_beginning(conn: Connection) -> None:
    made = await news(conn, symbols=["XAUUSD", "EURUSD", "XAUUSD"], category="analytics", language="pt-BR")

    assert (made.title, made.category, made.language) == ("Gold rises", "analytics", "pt-BR")
    assert made.summary == "The metal went up, and <b>nobody</b> knows why. More"
    assert made.body.startswith("<p>The <em>metal</em> went up, and &lt;b&gt;nobody")
    assert made.symbols == ["XAUUSD", "EURUSD"]
    assert await content.article(conn, made.id) == made
    assert (await content.news(conn)).rows == [made]


async def test_what_is_told_by_hand_is_told_so(conn: Connection) -> None:
    made = await news(conn, "<p>a</p><script>1</script>", markdown=False, title=" A \n B ", summary="", at=EARLY)

    assert (made.title, made.summary, made.body, made.published_at) == ("A B", "", "<p>a</p>", EARLY)


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": "a" * 201},
        {"title": "a\u202eb"},
        {"summary": "a" * 501},
        {"language": "english"},
        {"category": "gossip"},
        {"symbols": [""]},
        {"symbols": ["A" * 33]},
        {"symbols": ["A\0"]},
        {"symbols": [f"S{each}" for each in range(21)]},
        {"text": "no heading"},
        {"text": "# \n\nx"},
        {"text": "# " + "long " * 50},
    ],
)
async def test_what_cannot_be_news_is_refused(conn: Connection, wrong: dict[str, Any]) -> None:
    with pytest.raises(BadContent):
        await news(conn, **wrong)


async def test_news_is_given_page_by_page_the_newest_first(conn: Connection) -> None:
    made = [(await news(conn, at=EARLY + timedelta(hours=each // 2))).id for each in range(7)]

    below, found = NEWEST, list[int]()
    for _ in range(9):
        page = await content.news(conn, below=below, limit=2)
        found += [each.id for each in page.rows]
        if page.next is None:
            break
        below = page.next

    assert found == made[::-1]


async def test_only_what_is_asked_for_is_given(conn: Connection) -> None:
    english, german = await news(conn), await news(conn, language="de")
    signal = await news(conn, category="analytics")

    assert await told(conn, language="de") == [german.id]
    assert await told(conn, category="analytics") == [signal.id]
    assert await told(conn, language="en", category="news") == [english.id]
    assert await told(conn, language="de", category="company") == []


async def test_nothing_is_told_before_its_time_nor_once_it_is_retracted(conn: Connection) -> None:
    later, gone = await news(conn, at=datetime.now(UTC) + timedelta(hours=1)), await news(conn)
    await content.retract_news(conn, gone.id)

    assert await told(conn) == []
    for each in (later, gone):
        assert await content.article(conn, each.id) is None
    assert [each.id for each in await content.everything(conn, below=2**62, limit=9)] == [gone.id, later.id]
    for number in (gone.id, gone.id + 1):
        with pytest.raises(NoSuchArticle):
            await content.retract_news(conn, number)
        with pytest.raises(NoSuchArticle):
            await change(conn, number)


async def change(conn: Connection, number: int) -> Article:
    """Let news say something else."""
    wanted = content.drafted(b"# B\n\nc", markdown=True, language="en", category="news")
    return await content.change_news(conn, number, wanted)


async def test_news_that_is_changed_stays_where_it_is(committed: Connection) -> None:
    made, newer = await news(committed, at=EARLY), await news(committed)

    changed = await change(committed, made.id)

    assert changed == structs.replace(made, title="B", summary="c", body="<p>c</p>", updated_at=changed.updated_at)
    assert changed.updated_at > made.updated_at
    assert await told(committed) == [newer.id, made.id]


async def test_every_change_moves_the_time_of_the_last_one(committed: Connection) -> None:
    assert await content.changed(committed) is None
    first = await news(committed, at=EARLY)
    await news(committed, at=datetime.now(UTC) + timedelta(hours=1))
    times = [await content.changed(committed)]
    assert times == [first.updated_at]
    await change(committed, first.id)
    times.append(await content.changed(committed))
    await content.retract_news(committed, first.id)
    times.append(await content.changed(committed))

    assert None not in times
    assert times == sorted(set(times), key=str)


async def test_a_summary_is_cut_at_a_word(conn: Connection) -> None:
    made = await news(conn, f"# T\n\n{'word ' * 300}")

    assert len(made.summary) <= 500
    assert made.summary.endswith("word …")


def test_the_text_that_tests_tell_holds_what_feeds_must_escape() -> None:
    assert "&" in TEXT
    assert "<" in TEXT
