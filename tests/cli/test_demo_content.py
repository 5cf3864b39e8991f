"""What partners of the demonstration show."""

from datetime import UTC, datetime

from opencabinet import content
from opencabinet.cli import demo_content
from opencabinet.db import Connection

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)


async def test_the_demonstration_has_something_to_show_however_often_it_starts(conn: Connection) -> None:
    await demo_content.show(conn, NOW)
    banners, page = await content.banners(conn, limit=100), await content.news(conn)

    await demo_content.show(conn, NOW)

    assert await content.banners(conn, limit=100) == banners
    assert (await content.news(conn)).rows == page.rows
    assert {(each.size, each.theme) for each in banners} == {
        (f"{width}x{height}", theme) for width, height in demo_content.SIZES for theme in ("light", "dark")
    }
    assert [each.category for each in page.rows] == ["analytics", "news", "company"]
    assert all(each.published_at < NOW for each in page.rows)


async def test_news_that_was_told_since_is_left_alone(conn: Connection) -> None:
    await demo_content.show(conn, NOW)
    for each in (await content.news(conn)).rows:
        await content.retract_news(conn, each.id)

    await demo_content.show(conn, NOW)

    assert (await content.news(conn)).rows == []


def test_its_banners_are_whole_drawings() -> None:
    for width, height in demo_content.SIZES:
        for theme in demo_content.COLOURS:
            picture, left_out = content.judged(demo_content.drawn(width, height, theme))
            assert (picture.width, picture.height, left_out) == (width, height, ())
