"""What partners show, from the command line."""

from pathlib import Path

from opencabinet import content
from opencabinet.db import Connection
from tests.cli.console import cabinet, refused
from tests.cli.test_access import listed
from tests.content.pictures import drawn, painted, saved


def written(folder: Path, name: str, body: bytes | str) -> str:
    """Write a file, and return where it is."""
    path = folder / name
    path.write_bytes(body if isinstance(body, bytes) else body.encode())
    return str(path)


async def test_banners_are_brought_in_listed_and_retired(installed: Connection, tmp_path: Path) -> None:
    png = written(tmp_path, "spring-sale.txt", saved(painted(), "png"))
    svg = written(tmp_path, "b.svg", drawn("<script>1</script><rect onclick='1' width='9' height='9'/>"))

    said = await cabinet("content", "banners", "add", png, svg, "--theme", "dark", "--language", "de")

    first, second = await content.banners(installed, limit=10)
    sizes = [await size_of(installed, each.id) for each in (first, second)]
    assert said.out.splitlines() == [
        f"spring-sale.txt: banner {first.id}, 468x60, png, {sizes[0]} bytes.",
        f"b.svg: banner {second.id}, 468x60, svg, {sizes[1]} bytes, without <script>, onclick.",
    ]
    assert (first.title, first.theme, first.language) == ("spring sale", "dark", "de")
    rows = listed((await cabinet("content", "banners", "list")).out)
    assert [row[:6] for row in rows] == [
        [str(first.id), "spring sale", "468x60", "dark", "de", "png"],
        [str(second.id), "b", "468x60", "dark", "de", "svg"],
    ]
    assert (await cabinet("content", "banners", "retire", str(first.id))).out == f"Retired: {first.id}.\n"
    assert await content.banners(installed, limit=10) == [second]
    refused(await cabinet("content", "banners", "retire", str(first.id)), "no such banner")


async def size_of(conn: Connection, number: int) -> int:
    """Return how many bytes a banner has."""
    found: int = await conn.value("SELECT length(content) FROM banners WHERE id = %(id)s", id=number)
    return found


async def test_one_bad_banner_brings_none_in(installed: Connection, tmp_path: Path) -> None:
    good = written(tmp_path, "good.png", saved(painted(), "png"))
    bad = written(tmp_path, "bad.png", b"<html><script>1</script>")

    refused(await cabinet("content", "banners", "add", good, bad), "bad.png")
    refused(
        await cabinet("content", "banners", "add", good, str(tmp_path / "none.png")), "none.png", "cannot be opened"
    )
    refused(await cabinet("content", "banners", "add", good, str(tmp_path)), "cannot be")
    refused(
        await cabinet("content", "banners", "add", good, written(tmp_path, "huge.png", bytes(2**20 + 1))), "huge.png"
    )
    refused(await cabinet("content", "banners", "add", good, "--language", "German"), "no language")

    assert await content.banners(installed, limit=10) == []


async def test_news_is_told_changed_listed_and_retracted(installed: Connection, tmp_path: Path) -> None:
    text = written(tmp_path, "gold.md", "# Gold [up]\n\nIt *rose*.")
    page = written(tmp_path, "gold.html", "<h1>Gold</h1><p onclick=1>It fell.</p>")

    said = await cabinet(
        *("content", "news", "add", text, "--category", "analytics", "--language", "ru"),
        *("--symbol", "XAUUSD", "--symbol", "EURUSD", "--at", "2026-03-02T12:30:00+03:00"),
    )

    [made] = (await content.news(installed)).rows
    assert said.out == f"gold.md: news {made.id}, 2026-03-02 09:30 UTC: Gold [up]\n"
    assert (made.category, made.language, made.symbols) == ("analytics", "ru", ["XAUUSD", "EURUSD"])
    await cabinet("content", "news", "add", page, "--replace", str(made.id), "--summary", "Down")
    [changed] = (await content.news(installed)).rows
    assert (changed.id, changed.title, changed.body, changed.summary) == (made.id, "Gold", "<p>It fell.</p>", "Down")
    assert (changed.category, changed.language, changed.symbols) == ("analytics", "ru", ["XAUUSD", "EURUSD"])
    await cabinet("content", "news", "add", text, "--at", "2100-01-01T00:00:00Z")
    assert (await cabinet("content", "news", "retract", str(made.id))).out == f"Retracted: {made.id}.\n"
    rows = listed((await cabinet("content", "news", "list")).out)
    assert [(row[4], row[6]) for row in rows] == [("Gold [up]", "waits"), ("Gold", "retracted")]
    refused(await cabinet("content", "news", "retract", str(made.id)), "no such news")
    refused(await cabinet("content", "news", "add", text, "--replace", str(made.id)), "no such news")


async def test_news_that_cannot_be_told_is_refused_with_its_file(installed: Connection, tmp_path: Path) -> None:
    text = written(tmp_path, "plain.md", "no heading")

    refused(await cabinet("content", "news", "add", text), "plain.md", "heading")
    refused(await cabinet("content", "news", "add", str(tmp_path / "none.md")), "none.md", "cannot be opened")
    refused(await cabinet("content", "news", "add", text, "--title", "T", "--at", "tomorrow"), "plain.md", "zone")
    for at in ("2026-03-02T12:30:00", "0001-01-01T00:00:00+23:00"):
        refused(await cabinet("content", "news", "add", text, "--title", "T", "--at", at), "zone")

    assert (await content.news(installed)).rows == []


async def test_landing_pages_are_kept_listed_and_removed(installed: Connection, tmp_path: Path) -> None:
    text = written(tmp_path, "page.md", "# Come in\n\n[Go]({link}), {code}")

    said = await cabinet("content", "landings", "add", "start", text, "--language", "pt-BR", "--form")

    assert said.out == "page.md: page start (pt-BR): Come in\n"
    found = await content.landing(installed, "start", "pt-BR")
    assert found is not None
    assert (found.title, found.form) == ("Come in", True)
    rows = listed((await cabinet("content", "landings", "list")).out)
    assert ["start", "pt-BR", "Come in", "yes"] in rows
    assert len(rows) == 9
    assert (
        await cabinet("content", "landings", "remove", "start", "--language", "pt-BR")
    ).out == "Removed: start (pt-BR).\n"
    refused(await cabinet("content", "landings", "remove", "start", "--language", "pt-BR"), "no such landing page")
    refused(await cabinet("content", "landings", "add", "Bad Name", text), "page.md", "small letters")
