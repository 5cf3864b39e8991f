import re
from pathlib import Path

import pytest

from opencabinet import samples
from opencabinet.db import Connection
from tests.cli.console import cabinet, refused

FILES = Path(samples.__file__).parent / "files"
MT4, MT5 = min(FILES.glob("mt4-*")), min(FILES.glob("mt5-*"))
SERVER = ("--server", "Example-Live")
NEW_SERVER = (*SERVER, "--clock", "NewYork+7")


def counts(out: str, file: Path) -> list[int]:
    """Give what the table says of a file: rows, new, changed, unchanged, refused."""
    [line] = [line for line in out.splitlines() if f" {file.name} " in line and "│" in line]
    return [int(cell) for cell in re.findall(r"\d+", line.partition(file.name)[2])[1:]]


async def balances(conn: Connection) -> list[int]:
    """Give the logins that have an account."""
    return await conn.values("SELECT login FROM accounts ORDER BY login")


async def test_a_file_is_imported_and_again_changes_nothing(installed: Connection) -> None:
    first = await cabinet("import", str(MT4), *NEW_SERVER)
    again = await cabinet("import", str(MT4), *SERVER)

    rows, new, changed, unchanged, left_out = counts(first.out, MT4)
    assert (rows, changed, unchanged, left_out) == (new, 0, 0, 0)
    assert rows > 10
    assert counts(again.out, MT4) == [rows, 0, 0, rows, 0]
    assert (first.code, again.code) == (0, 0)
    assert len(await balances(installed)) == 1


async def test_the_balance_is_explained_to_the_cent(installed: Connection) -> None:
    said = await cabinet("import", str(MT5), *NEW_SERVER)

    sums = re.search(
        r"opening (\S+) \+ movements ([-\d .]+) \+ results ([-\d .]+) = balance ([-\d .]+) \w{3}", said.out
    )
    assert sums
    opening, movements, results, balance = (round(100 * float(part.replace(" ", ""))) for part in sums.groups())
    assert opening + movements + results == balance
    assert balance == round(100 * float(await installed.value("SELECT balance FROM accounts")))
    assert "(reconciled)" in said.out


async def test_several_files_are_imported_in_one_go(installed: Connection) -> None:
    said = await cabinet("import", str(MT4), str(MT5), *NEW_SERVER)

    assert said.code == 0
    assert [counts(said.out, file)[0] > 0 for file in (MT4, MT5)] == [True, True]
    assert len(await balances(installed)) == 2


async def test_a_new_server_needs_a_clock(installed: Connection) -> None:
    said = await cabinet("import", str(MT4), *SERVER)

    assert said.code == 1
    assert f"{MT4.name}: The server 'Example-Live' is not known yet" in said.out
    assert "--clock" in said.out
    assert await balances(installed) == []


async def test_another_clock_is_refused(installed: Connection) -> None:
    await cabinet("import", str(MT4), *NEW_SERVER)

    said = await cabinet("import", str(MT5), *SERVER, "--clock", "UTC")

    assert said.code == 1
    assert "runs by the clock 'NewYork+7', not 'UTC'" in said.out
    assert len(await balances(installed)) == 1


@pytest.mark.usefixtures("installed")
async def test_a_clock_that_is_none_is_one_line() -> None:
    refused(await cabinet("import", str(MT4), *SERVER, "--clock", "noon"), "no clock rule 'noon'")


async def test_a_broken_file_is_refused_with_file_and_row_and_the_others_arrive(
    installed: Connection, tmp_path: Path
) -> None:
    text = MT4.read_bytes()
    row = text.index(b">buy<")
    broken = tmp_path / "broken.htm"
    broken.write_bytes(text[:row] + b">buy<" + re.sub(rb"\d\.\d\d<", b"1.x0<", text[row + 5 :], count=1))

    said = await cabinet("import", str(broken), str(MT5), *NEW_SERVER)

    assert said.code == 1
    assert re.search(r"^broken\.htm: row \d+: ", said.out, re.MULTILINE), said.out
    assert "all" in said.out
    assert counts(said.out, MT5)[0] > 0
    assert len(await balances(installed)) == 1


async def test_what_is_no_statement_is_refused(installed: Connection, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("nothing of the kind")

    said = await cabinet("import", str(tmp_path / "notes.txt"), str(tmp_path / "none.htm"), *NEW_SERVER)

    assert said.code == 1
    assert "notes.txt: " in said.out
    assert "none.htm: It cannot be opened" in said.out
    assert await balances(installed) == []


async def test_another_login_can_be_chosen(installed: Connection) -> None:
    said = await cabinet("import", str(MT4), *NEW_SERVER, "--login", "9001")

    assert said.code == 0
    assert await balances(installed) == [9001]


@pytest.mark.usefixtures("installed")
async def test_a_taken_login_is_refused() -> None:
    await cabinet("import", str(MT4), *NEW_SERVER, "--login", "9001")

    said = await cabinet("import", str(MT5), *SERVER, "--login", "9001")

    assert said.code == 1
    assert "The login 9001 belongs to another account" in said.out


@pytest.mark.usefixtures("installed")
async def test_a_login_is_for_one_file() -> None:
    refused(await cabinet("import", str(MT4), str(MT5), *NEW_SERVER, "--login", "9001"), "--login is for one file")


async def test_the_same_file_twice_in_one_go_is_one_account(installed: Connection) -> None:
    said = await cabinet("import", str(MT4), str(MT4), *NEW_SERVER)

    assert said.code == 0
    assert len(await balances(installed)) == 1


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("login", ["0", "-1", "9223372036854775808", "x"])
async def test_a_login_nobody_can_have_is_refused(login: str) -> None:
    said = await cabinet("import", str(MT4), *NEW_SERVER, "--login", login)

    assert said.code == 2
    assert "--login" in said.err
