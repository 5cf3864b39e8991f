"""Files become rows, or say in a sentence why not."""

import io
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from opencabinet.ingest import cells, workbook
from opencabinet.ingest.model import Unreadable, UnreadableRow
from opencabinet.ingest.sheet import LARGEST, Row, rows
from opencabinet.ingest.words import amount, comment, cost, lots, moment, price, symbol, whole
from tests.needs import data

ROW = Row(7, ())


def page(body: str, head: str = "") -> str:
    return f"<html><head>{head}</head><body><table>{body}</table></body></html>"


def texts(content: bytes) -> list[list[str]]:
    return [row.texts() for row in rows(content)]


def book(*lines: list[object]) -> bytes:
    made = Workbook()
    for line in lines:
        made.worksheets[0].append(line)
    made.save(content := io.BytesIO())
    return content.getvalue()


def repacked(content: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(made := io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return made.getvalue()


def test_a_page_gives_cells_with_titles_spans_and_hidden_notes() -> None:
    content = page(
        '<tr><td title="a > b &amp; c">12&nbsp;345<td colspan=2> x\n y </tr>'
        '<tr><td class="x hidden" colspan="8">note</td><td colspan="0">&minus;<b>1</b>.5</td></tr>'
    )

    first, second = rows(content.encode())

    assert (first.number, first.texts(), first.cells[0].title) == (1, ["12 345", "x y"], "a > b & c")
    assert first.columns() == ["12 345", "x y", ""]
    assert (second.number, second.texts(), second.cells[0].text) == (2, ["−1.5"], "note")
    assert second.cells[0].span == 8
    assert second.cells[1].span == 1


def test_a_table_inside_a_cell_has_its_own_rows() -> None:
    content = page("<tr><td>a<table><tr><td>b</td></tr></table></td></tr>")

    assert [len(row.cells) for row in rows(content.encode())] == [1, 1]


@pytest.mark.parametrize("letters", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_unicode_is_read_with_and_without_its_mark(letters: str) -> None:
    assert texts(page("<tr><td>Имя 姓名 é</td></tr>").encode(letters)) == [["Имя 姓名 é"]]


@pytest.mark.parametrize(
    ("letters", "name"),
    [
        ("cp1251", "Иван Петров"),
        ("cp1251", "СЧЕТ"),
        ("gbk", "姓名, 中国账户"),
        ("cp932", "ポジションの一覧"),
        ("cp1252", "José Müller"),
    ],
)
def test_a_code_page_that_is_not_declared_is_guessed_from_its_words(letters: str, name: str) -> None:
    assert texts(page(f"<tr><td>{name}</td></tr>").encode(letters)) == [[name]]


def test_a_declared_code_page_is_believed() -> None:
    declared = page("<tr><td>Zażółć</td></tr>", '<meta http-equiv="x" content="text/html; charset=Windows-1250">')

    assert texts(declared.encode("cp1250")) == [["Zażółć"]]


def test_a_page_declaring_letters_its_bytes_contradict_is_still_read() -> None:
    declared = page("<tr><td>1</td></tr>", '<meta charset="utf-16le">')

    assert texts(declared.encode()) == [["1"]]


def test_a_workbook_gives_exact_decimals_and_times() -> None:
    at = datetime(2025, 6, 6, 0, 33, 56)  # noqa: DTZ001 - a sheet's time has no zone
    content = book(["a", None, 0.1, 1.14475, -30.0, 52628135520, True, None], [], [None, at])

    assert texts(content) == [
        ["a", "", "0.1", "1.14475", "-30", "52628135520", "true"],
        [],
        ["", "2025.06.06 00:33:56"],
    ]


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=5))
def test_a_binary_fraction_is_the_decimal_it_stands_for(figure: object) -> None:
    assert amount(workbook.number(float(str(figure))), ROW) == figure


def test_a_formula_that_was_never_counted_shows_nothing() -> None:
    assert texts(book(["a", "=SUM(A1:A2)", "b"])) == [["a", "", "b"]]


def test_a_table_parted_by_semicolons_gives_its_lines() -> None:
    assert texts(b'Time;Type;"a;b"\r\n1;Buy;\r\n') == [["Time", "Type", "a;b"], ["1", "Buy", ""]]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b" \r\n", "empty"),
        (b"\x00\x01\x02\x03", "no statement"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "no statement"),
        (b"%PDF-1.7\n%\x00", "no statement"),
        (b"hello, world\n", "no statement"),
        (b'a;b\n"c;d\n', "cannot be read"),
        (b"<html><table><tr><td>1", "ends before"),
        (b"<html><table><tr><td>1</td></tr></table><table></html>", "ends before"),
        (b"<html><table></table></html><tr><td>", "ends before"),
        (page("<div>" * 101).encode(), "deep"),
        (page("<tr>" + "<td>" * 1_000_000 + "</tr>").encode(), "cells"),
        (b"a;" + b";" * 999_999 + b"\n", "cells"),
        (b"a;b\n" * 500_000, "cells"),
        (b"<" * (LARGEST + 1), "64 MiB"),
        (b"<" * 8_000_001, "elements"),
        (b"PK\x03\x04 and nothing more", "damaged"),
        (book([1] * 300), "256 columns"),
    ],
    ids=lambda value: None if isinstance(value, bytes) else value,
)
def test_what_cannot_be_read_says_why(content: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        rows(content)


def test_a_workbook_that_is_cut_off_or_changed_is_refused() -> None:
    content = book(["a", 1])

    for damaged in (content[:-30], content[: len(content) // 2], repacked(content, lambda _, part: part[:-9])):
        with pytest.raises(Unreadable, match="damaged"):
            rows(damaged)


def test_a_workbook_that_unpacks_to_far_more_is_refused_before_it_is_unpacked() -> None:
    def inflate(name: str, part: bytes) -> bytes:
        return part + b" " * 20_000_000 if name.endswith("sheet1.xml") else part

    with pytest.raises(Unreadable, match="unpacks"):
        rows(repacked(book(["a"]), inflate))


@pytest.mark.parametrize("letters", ["utf-8", "utf-16"])
def test_a_workbook_that_declares_entities_is_refused(letters: str) -> None:
    def declare(name: str, part: bytes) -> bytes:
        declaration = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet/>'
        return declaration.encode(letters) if name.endswith("sheet1.xml") else part

    with pytest.raises(Unreadable, match="document type"):
        rows(repacked(book(["a"]), declare))


def test_rows_far_apart_count_as_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cells, "MOST_CELLS", 1000)
    made = Workbook()
    made.worksheets[0].cell(2000, 1, "far")
    made.save(content := io.BytesIO())

    with pytest.raises(Unreadable, match="cells"):
        rows(content.getvalue())


@given(st.binary(max_size=200), st.sampled_from([b"", b"<", b"PK\x03\x04", b"\xff\xfe", b"a;b\n"]))
def test_any_bytes_are_rows_or_unreadable(content: bytes, start: bytes) -> None:
    with suppress(Unreadable):
        rows(start + content)


@pytest.mark.parametrize(
    ("text", "figure"),
    [("1 769.70", "1769.70"), ("- 30.12", "-30.12"), ("−1 324.00", "-1324"), ("+5", "5"), ("3 000 065", "3000065")],
)
def test_an_amount_may_have_spaces_and_any_minus(text: str, figure: str) -> None:
    assert str(amount(text, ROW).normalize()) == str(amount(figure, ROW).normalize())


@pytest.mark.parametrize(
    "text", ["", "1e5", "1 23", "1,5", "NaN", "Infinity", "٣", "1" * 17, "0.123456789", "--1", "12 %"]
)
def test_what_is_no_amount_names_its_row(text: str) -> None:
    with pytest.raises(UnreadableRow, match=r"^row 7: "):
        amount(text, ROW)


def test_nothing_is_no_cost_and_zero_is_no_price() -> None:
    assert cost("", ROW) == 0
    assert price("", ROW) is None
    assert price("0.00", ROW) is None
    assert str(price("1.50", ROW)) == "1.50"


def test_a_moment_is_naive_wall_time() -> None:
    assert moment("2025.06.06 16:52", ROW) == datetime(2025, 6, 6, 16, 52)  # noqa: DTZ001 - a wall time
    assert moment("2025.06.06 16:52:01.250", ROW).microsecond == 250_000


@pytest.mark.parametrize(
    "text", ["", "2025-06-06 16:52", "2025.13.06 16:52", "2025.06.06", "0001.01.01 00:00", "9999.01.01 00:00"]
)
def test_what_is_no_time_names_its_row(text: str) -> None:
    with pytest.raises(UnreadableRow, match=r"^row 7: .* is not a time"):
        moment(text, ROW)


@pytest.mark.parametrize(
    ("read", "text"),
    [(whole, "9223372036854775808"), (whole, "-1"), (whole, ""), (lots, "-1"), (symbol, ""), (symbol, "x" * 65)],
)
def test_words_have_bounds(read: Callable[[str, Row], object], text: str) -> None:
    with pytest.raises(UnreadableRow):
        read(text, ROW)


def test_a_comment_is_cut_and_numbers_reach_the_largest() -> None:
    assert len(comment("x" * 300)) == 200
    assert whole("9223372036854775807", ROW) == 2**63 - 1


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("mt4/mt4-usd-cp1251-partial-history.htm", "Name: Имя Фамилия"),
        ("mt4/mt4-usd-gbk-xauusd-cancelled.htm", "Name: 姓名"),
        ("mt5/mt5-ja-utf16-jpy-open-working.html", "取引履歴レポート"),
        ("mt5/mt5-en-usd-close-by.xlsx", "Name Surname"),
    ],
)
def test_real_files_show_their_names(path: str, name: str) -> None:
    assert any(name in row.texts() for row in rows(data(path).read_bytes())[:5])
