import errno
import json
import os
import resource
import sys
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from opencabinet.ingest import formats, reading
from opencabinet.ingest.cells import LARGEST
from opencabinet.ingest.model import Unreadable
from opencabinet.ingest.reading import read
from opencabinet.ingest.sheet import rows
from tests import needs
from tests.ingest import hostile, pages

PATHS = {
    "mt4/mt4-usd-22-balance-ops-open.htm": "statement",
    "mt4/mt4-usd-gbk-xauusd-cancelled.htm": "statement",
    "mt4/mt4-tester-usdjpy-macd-sample.htm": "tester",
    "mt4/mql5-signal-history-eurusd.csv": "signal",
    "mt5/mt5-en-eur-658-trades-85-open.html": "history",
    "mt5/mt5-en-utf16-usd-close-by.html": "history",
    "mt5/mt5-ja-utf16-jpy-open-working.html": "history",
    "mt5/mt5-en-usd-close-by.xlsx": "history",
    "mt5/mt5-en-usd-credit-open-formulas.xlsx": "history",
    "mt5/mt5-en-usd-partial-closes.xlsx": "history",
    "mt5/mt5-tester-en-xauusd.xlsx": "tester",
}
LARGE = (
    "mt4/mt4-usd-gbk-xauusd-cancelled.htm",
    "mt5/mt5-en-eur-658-trades-85-open.html",
    "mt5/mt5-en-utf16-usd-close-by.html",
    "mt5/mt5-en-usd-close-by.xlsx",
)
SLOWER = ["<td>1</td>", "<tr><td>1</td></tr>", "<td colspan=1000>"]
LONGEST_SECONDS = 15
MOST_MEMORY = 64 * 2**20
MIB = 2**20


def peak() -> int:
    """Return the most memory this process has ever held, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def refusal(path: Path) -> str:
    """Return why a file is refused: soon, and without much memory."""
    started, held = time.monotonic(), peak()
    with pytest.raises(Unreadable) as refused:
        read(path)

    assert time.monotonic() - started < LONGEST_SECONDS
    assert peak() - held < MOST_MEMORY
    assert refused.value.detail.startswith(f"{path.name}: ")
    assert reading.FAULT not in refused.value.detail
    return refused.value.detail.removeprefix(f"{path.name}: ")


@pytest.fixture
def file(tmp_path: Path) -> Callable[[bytes], Path]:
    """Put content into a file."""

    def put(content: bytes) -> Path:
        path = tmp_path / "statement.htm"
        path.write_bytes(content)
        return path

    return put


File = Callable[[bytes], Path]


@pytest.mark.parametrize("path", PATHS)
def test_a_file_is_told_by_one_format_only(path: str) -> None:
    found = rows(needs.data(path).read_bytes())

    assert [recognises(found) for recognises, _ in formats.FORMATS].count(True) == 1


@pytest.mark.parametrize(("path", "kind"), PATHS.items())
def test_what_the_other_process_read_arrives_whole(path: str, kind: str) -> None:
    found = read(needs.data(path))
    name = Path(path).name
    kind = (
        "tester" if "tester" in name else "signal" if "signal" in name else {"4": "statement", "5": "history"}[path[2]]
    )

    assert (found.platform, found.kind) == (path[:3], kind)
    assert found == formats.parsed(needs.data(path).read_bytes())


def test_every_real_file_is_read() -> None:
    paths = json.loads(needs.data("expected.json").read_text("utf-8"))

    assert PATHS.keys() < paths.keys()
    assert all(formats.parsed(needs.data(path).read_bytes()).rows() for path in paths)


def test_a_refusal_names_file_row_and_reason(file: File) -> None:
    assert refusal(file(pages.statement(closed=[pages.trade(profit="12x")]))) == "row 4: '12x' is not an amount."


def test_a_file_of_more_than_64_mib_is_refused_unread(tmp_path: Path) -> None:
    with (tmp_path / "large.htm").open("wb") as large:
        large.truncate(LARGEST + 1)

    assert refusal(tmp_path / "large.htm") == "The file has more than 64 MiB."


@pytest.mark.parametrize("content", [b"", b" \n\t"])
def test_an_empty_file_is_refused(file: File, content: bytes) -> None:
    assert refusal(file(content)) == "The file is empty."


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")

    assert refusal(tmp_path) == "It is not a regular file."
    assert refusal(tmp_path / "fifo") == "It is not a regular file."
    assert refusal(Path("/dev/zero")) == "It is not a regular file."
    assert refusal(tmp_path / "missing") == "It cannot be opened: No such file or directory."
    assert refusal(tmp_path / "null\0") == "It cannot be opened: there is no such name."


def test_a_file_without_permission_is_refused(file: File, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(_path: Path, _flags: int) -> int:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    path = file(b"secret")
    monkeypatch.setattr(os, "open", denied)  # root may read everything

    assert refusal(path) == "It cannot be opened: Permission denied."


@pytest.mark.parametrize(
    "content",
    [
        hostile.noise(3 * MIB),
        Path(sys.executable).resolve().read_bytes()[: 3 * MIB],
        zlib.compress(b"0" * MIB),
        b"\xff\xfe" + hostile.noise(MIB),
        b"%PDF-1.7\n" + hostile.noise(MIB),
        b"a;b;c\n" * 50_000,
        b"<html><body><p>Good morning</p></body></html>",
        b'{"balance": 12}',
    ],
    ids=["noise", "program", "deflate", "utf-16", "pdf", "table", "page", "json"],
)
def test_what_is_no_statement_is_refused(file: File, content: bytes) -> None:
    assert refusal(file(content))


@pytest.mark.parametrize(
    "cell",
    ["<td>1", "<tr>", *(pytest.param(each, marks=pytest.mark.torture) for each in SLOWER)],
)
def test_a_million_cells_are_refused(file: File, cell: str) -> None:
    assert refusal(file(f"<html><table><tr>{cell * 1_000_000}</tr></table></html>".encode()))


@pytest.mark.parametrize("tag", ["div", "table", "font", "b", "table><tr><td", "p", "x", "svg", "template", "select"])
def test_deep_nesting_is_refused(file: File, tag: str) -> None:
    end = f"</{tag.split('>', maxsplit=1)[0]}>"

    assert refusal(file(f"<html>{f'<{tag}>' * 100_000}{end * 100_000}</html>".encode()))
    assert refusal(file(f"<html>{f'<{tag}>' * 100_000}</html>".encode()))


def test_a_statement_cut_off_anywhere_is_refused() -> None:
    page = pages.statement()
    ended = page.index(b"</html")

    for place in range(0, ended, 37):
        with pytest.raises(Unreadable):
            formats.parsed(page[:place])


@pytest.mark.parametrize("path", LARGE)
def test_a_real_file_cut_off_anywhere_is_refused(path: str) -> None:
    content = needs.data(path).read_bytes()
    whole = formats.parsed(content)

    for share in range(1, 40):
        try:
            found = formats.parsed(content[: len(content) * share // 41])
        except Unreadable:
            continue
        assert found == whole


@pytest.mark.parametrize("part", ["types", "relations", "book", "sheet", "strings"])
def test_a_workbook_that_declares_entities_is_refused(file: File, part: str) -> None:
    assert "document type" in refusal(file(hostile.workbook(**{part: hostile.LAUGHS})))
    assert "document type" in refusal(file(hostile.workbook(**{part: hostile.LAUGHS.decode().encode("utf-16")})))


@pytest.mark.parametrize("claimed", [10**9, 4000 * MIB])
def test_a_workbook_that_unpacks_to_gigabytes_is_refused(file: File, claimed: int) -> None:
    content = hostile.bomb(hostile.zeros(4000), claimed)

    assert len(content) < 10 * MIB
    assert refusal(file(content)) == "The workbook unpacks to far more than a statement."


def test_a_workbook_that_hides_what_it_unpacks_to_is_refused(file: File) -> None:
    assert refusal(file(hostile.bomb(hostile.zeros(4000), 1000)))


def test_a_damaged_workbook_is_refused(file: File) -> None:
    content = hostile.workbook(types=b"<Types/>", book=b"<workbook/>", sheet=b"<worksheet/>")

    for ended in (2, 30, len(content) // 2, len(content) - 1, len(content)):
        assert refusal(file(content[:ended]))


@pytest.fixture
def misbehaving(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Let the process that reads do something else instead."""

    def behave(words: str) -> None:
        setup = (
            f"import os, resource, signal, time; from {reading.__name__} import LIMITS; import {reading.__name__} as r"
        )
        monkeypatch.setattr(reading, "READER", (*reading.READER[:-1], f"{setup}\n{words}\nr.answer()"))

    return behave


@pytest.mark.parametrize(
    "words",
    [
        "r.made = lambda _: bytearray(3 << 30)",
        "r.made = lambda _: b'x' * r.LARGEST",
        "r.LIMITS[resource.RLIMIT_CPU] = 1\ndef made(_):\n while True: pass\nr.made = made",
        "r.made = lambda _: os.kill(os.getpid(), signal.SIGSEGV)",
    ],
    ids=["memory", "answer", "seconds", "crash"],
)
def test_a_process_that_exceeds_its_limits_is_a_refusal(
    file: File, misbehaving: Callable[[str], None], words: str
) -> None:
    misbehaving(words)

    assert refusal(file(b"x")) == reading.EXCESS


def test_a_process_that_does_not_end_is_ended(
    file: File, misbehaving: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    misbehaving("r.made = lambda _: time.sleep(1000)")
    monkeypatch.setattr(reading, "LONGEST_SECONDS", 1)

    assert refusal(file(b"x")) == reading.EXCESS


def test_a_fault_of_the_reader_is_said_to_be_one(
    file: File, misbehaving: Callable[[str], None], capfd: pytest.CaptureFixture[str]
) -> None:
    misbehaving("r.made = {}.__getitem__")

    with pytest.raises(Unreadable, match="a fault of the reader"):
        read(file(b"x"))
    assert "KeyError" in capfd.readouterr().err


def test_the_reader_keeps_lower_limits_it_was_given(monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[int, Any] = {}
    monkeypatch.setattr(resource, "getrlimit", lambda _: (5, 10))
    monkeypatch.setattr(resource, "setrlimit", given.__setitem__)

    reading.confine()

    assert set(given.values()) == {(10, 10), (0, 0)}


def test_a_limit_that_the_system_refuses_is_done_without(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_limit: int, _values: tuple[int, int]) -> None:
        raise ValueError

    monkeypatch.setattr(resource, "setrlimit", refused)

    reading.confine()
