import io
import tempfile
from pathlib import Path

import pytest
from pypdf import PdfReader

from opencabinet.kernel.problem import Overloaded
from opencabinet.paper import MOST_PRINTED, TooManyRows, pdf, printing
from tests.paper.making import HOSTILE, document, row, table, whole


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files go."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def left(folder: Path) -> int:
    return len([*folder.iterdir()])


def letters(text: str) -> str:
    """Return what is left of a text on paper, however it is broken into lines: letters that every font has."""
    return "".join(letter for letter in text if letter.isascii() and letter.isprintable() and not letter.isspace())


async def test_text_is_only_text() -> None:
    content = await whole(pdf(document(table([row(text) for text in HOSTILE]), text=HOSTILE[18])))
    pages = PdfReader(io.BytesIO(content)).pages
    found = letters("".join(page.extract_text() for page in pages))

    for text in HOSTILE:
        assert letters(text) in found or "\u202e" in text  # written backwards
    assert "root:" not in found
    assert found.count("1234.50") == len(HOSTILE)


async def test_pages_are_numbered_and_heads_repeated() -> None:
    content = await whole(pdf(document(table([row("x")] * 120))))
    texts = [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]

    assert len(texts) > 2
    for number, text in enumerate(texts, 1):
        assert f"Page {number} of {len(texts)}" in text
        assert "Figure" in text


async def test_a_page_is_a4_and_dated_by_who_made_it() -> None:
    read = PdfReader(io.BytesIO(await whole(pdf(document(table([]))))))

    assert [round(side) for side in read.pages[0].mediabox[2:]] == [842, 595]
    assert read.metadata is not None
    assert str(read.metadata.creation_date) == "2026-11-02 12:00:00+00:00"


async def test_more_rows_than_can_be_printed_are_refused(folder: Path) -> None:
    with pytest.raises(TooManyRows, match="5,001 rows"):
        await anext(pdf(document(table([], count=MOST_PRINTED), table([], count=1))))

    assert left(folder) == 0


async def test_printing_ends_when_its_time_is_over(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "LONGEST_SECONDS", 0.001)
    with pytest.raises(Overloaded, match="too long"):
        await anext(pdf(document(table([row("x")]))))

    assert left(folder) == 0


async def test_a_printer_that_fails_is_a_problem(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "SETTER", (printing.SETTER[0], "-c", "import sys; sys.exit(3)"))
    with pytest.raises(Overloaded, match="could not be printed"):
        await anext(pdf(document(table([row("x")]))))

    assert left(folder) == 0
