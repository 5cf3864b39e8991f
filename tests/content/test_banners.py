"""Banners: kept, found again, retired, and the code that shows them."""

from html.parser import HTMLParser
from typing import Any

import pytest
from markdown_it import MarkdownIt
from msgspec import structs

from opencabinet import content
from opencabinet.content import BadBanner, BadContent, NoSuchBanner, TooManyBanners
from opencabinet.content.pictures import actions, store
from opencabinet.db import Connection
from tests.content.pictures import banner, drawn, painted, saved


async def test_a_banner_is_kept_as_it_was_written_anew(conn: Connection) -> None:
    picture, _ = content.judged(saved(painted((728, 90)), "png") + b"<script>")

    made = await content.add_banner(conn, picture, title=" Trade\tgold ", theme="dark", language="pt-BR")

    assert (made.title, made.size, made.theme, made.language, made.kind) == (
        "Trade gold",
        "728x90",
        "dark",
        "pt-BR",
        "png",
    )
    assert await store.picture(conn, made.id) == picture
    assert await content.banners(conn, limit=10) == [made]


async def test_the_same_again_is_the_same_banner(conn: Connection) -> None:
    first = await banner(conn)
    await content.retire_banner(conn, first.id)
    again = await banner(conn, title="Another")

    assert again == structs.replace(first, title="Another")
    assert (await banner(conn, theme="dark")).id != first.id
    assert (await banner(conn, language="de")).id != first.id


async def test_banners_are_found_by_size_language_and_theme_page_by_page(conn: Connection) -> None:
    wide = await banner(conn, saved(painted((728, 90)), "png"))
    dark = await banner(conn, theme="dark")
    german = await banner(conn, language="de")
    drawing = await banner(conn, drawn())

    assert await content.banners(conn, limit=10) == [wide, dark, german, drawing]
    assert await content.banners(conn, size=(728, 90), limit=10) == [wide]
    assert await content.banners(conn, theme="dark", limit=10) == [dark]
    assert await content.banners(conn, language="de", theme="light", limit=10) == [german]
    assert await content.banners(conn, limit=2) == [wide, dark]
    assert await content.banners(conn, after=dark.id, limit=2) == [german, drawing]


async def test_a_retired_banner_is_shown_no_more(conn: Connection) -> None:
    made = await banner(conn)
    await content.retire_banner(conn, made.id)

    assert await content.banners(conn, limit=10) == []
    assert await store.picture(conn, made.id) is None
    for number in (made.id, made.id + 1):
        with pytest.raises(NoSuchBanner):
            await content.retire_banner(conn, number)


@pytest.mark.parametrize(
    "wrong",
    [{"title": ""}, {"title": " "}, {"title": "a" * 101}, {"title": "a\u202eb"}, {"title": "a\ud800"}, {"title": "a\0"}]
    + [{"language": each} for each in ("", "EN", "english", "en_US", "en-us", "en\n", "e", "<b>")],
)
async def test_a_banner_has_a_title_and_a_language(conn: Connection, wrong: dict[str, Any]) -> None:
    with pytest.raises(BadContent):
        await banner(conn, **wrong)


async def test_there_are_only_so_many(conn: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MOST", 1)
    first = await banner(conn)
    with pytest.raises(TooManyBanners):
        await banner(conn, theme="dark")

    assert await content.banners(conn, limit=10) == [first]
    assert await banner(conn) == first
    await content.retire_banner(conn, first.id)
    await banner(conn, theme="dark")


def test_a_file_that_is_too_large_is_refused_before_it_is_looked_at() -> None:
    with pytest.raises(BadBanner, match="more than 524288 bytes"):
        content.judged(bytes(content.LARGEST + 1))


class Reader(HTMLParser):
    """Reads what a page makes of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


TITLES = [
    "Trade",
    'a" onload="alert(1)',
    "</a><script>alert(1)</script>",
    "a](https://evil.example)[b",
    "![x](y)",
    "<b>&amp;",
    "\\](x)",
    "`a`",
]


@pytest.mark.parametrize("title", TITLES)
async def test_the_code_shows_the_picture_and_links_it_whatever_its_title(conn: Connection, title: str) -> None:
    made = await banner(conn, title=title)
    base = "https://cabinet.example.com/at"

    found = content.snippet(made, base, "ABC")

    assert found.image_url == f"{base}/banners/{made.id}/ABC.png"
    assert found.link_url == f"{base}/go/ABC?b={made.id}"
    for html, names in ((found.html, {"target"}), (MarkdownIt().render(found.markdown), set[str]())):
        reader = Reader(html)
        [link, image] = [each for each in reader.found if each[0] != "p"]
        assert (link[0], link[1]["href"]) == ("a", found.link_url)
        assert (image[0], image[1]["src"], image[1]["alt"]) == ("img", found.image_url, title)
        assert reader.text.strip() == ""
        assert names <= link[1].keys()
    assert found.bbcode == f"[url={found.link_url}][img]{found.image_url}[/img][/url]"
    assert 'width="468" height="60"' in found.html
