import html as escaping

import pytest
from selectolax.lexbor import LexborHTMLParser

from opencabinet.paper import html
from opencabinet.paper.pages import PAGES, laid_out
from tests.paper.making import HOSTILE, document, endless, row, table, whole


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
async def test_text_is_only_text(text: str) -> None:
    content = (await whole(html(document(table([row(text)]), text=text)))).decode()
    page = LexborHTMLParser(content)

    assert [tag for tag in ("script", "img", "link", "iframe", "a") if page.css(tag)] == []
    assert page.css("tbody td")[0].text() == escaping.unescape(str(escaping.escape(text))).replace(
        "\r\n", "\n"
    ).replace("\r", "\n")
    assert len(page.css("tbody tr")) == 1


async def test_a_page_needs_no_other_place() -> None:
    content = (await whole(html(document(table([row("x")]))))).decode()

    assert "default-src 'none'" in content
    assert "http" not in content.replace("http-equiv", "")


async def test_figures_have_a_real_minus_and_stand_in_their_column() -> None:
    page = LexborHTMLParser((await whole(html(document(table([row("x")]))))).decode())

    assert [(cell.text(), cell.attributes["class"]) for cell in page.css("tbody td")] == [
        ("x", "text"),
        ("7", "number"),
        ("\u22121\u202f234.50", "figure"),
        ("2026-03-02 09:30:15", "time"),
    ]


async def test_an_empty_table_says_so() -> None:
    page = LexborHTMLParser((await whole(html(document(table([]))))).decode())

    assert page.css("table") == []
    assert page.css(".empty")[0].text() == "None."


async def test_rows_leave_as_they_come() -> None:
    pieces = html(document(table([], count=1, of=endless())))
    seen = [await anext(pieces) for _ in range(5)]
    await pieces.aclose()

    assert b"row 2" in seen[3]


def test_no_text_can_look_like_a_hole() -> None:
    pieces = laid_out(PAGES.from_string("{{ text }}|{{ hole('rows') }}|"), text="\0<rows> {{ hole('rows') }}")

    assert [type(piece).__name__ for piece in pieces] == ["str", "Hole", "str"]
