import os
from pathlib import Path

import pytest

from opencabinet import accounts, market
from opencabinet.cli import market as command
from opencabinet.db import Connection
from tests import needs
from tests.cli.console import cabinet, refused
from tests.cli.test_access import listed

INSTRUMENTS = "symbol,digits,contract_size,base_currency,profit_currency,tick_size,tick_value\n"
LIST = INSTRUMENTS + "EURUSD,5,100000,EUR,USD,,\nGER40,1,,,EUR,0.1,2.5\n"
QUOTES = "symbol,bid,ask,time\nEURUSD,1.1,1.2,2026-01-05T10:00:00Z\nGBPUSD,1.3,,2026-01-05 10:00\n"
SERVER = ("--server", "Example-Live")
NEW = (*SERVER, "--clock", "NewYork+7")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with a list of instruments and one of quotes."""
    (tmp_path / "instruments.csv").write_text(LIST, "utf-8")
    (tmp_path / "quotes.csv").write_text(QUOTES, "utf-8")
    return tmp_path


async def rows() -> list[list[str]]:
    """Give what is listed."""
    return listed((await cabinet("market", "list", *SERVER)).out)


@pytest.mark.usefixtures("installed")
async def test_what_the_operator_says_is_kept_listed_and_again_changes_nothing(folder: Path) -> None:
    first = await cabinet("market", "instruments", str(folder / "instruments.csv"), *NEW)
    quotes = await cabinet("market", "quotes", str(folder / "quotes.csv"), *SERVER)
    again = await cabinet("market", "instruments", str(folder / "instruments.csv"), *SERVER)
    later = await cabinet("market", "quotes", str(folder / "quotes.csv"), *SERVER)

    assert (first.code, quotes.code) == (0, 0)
    assert first.out == "instruments.csv: 2 instruments new, 0 changed.\n"
    assert again.out == "instruments.csv: 0 instruments new, 0 changed.\n"
    assert quotes.out == "quotes.csv: 2 quotes new, 0 changed.\n"
    assert later.out == "quotes.csv: 0 quotes new, 0 changed.\n"
    assert await rows() == [
        ["EURUSD", "5", "100000", "EUR/USD", "–", "operator", "1.1", "1.2", "2026-01-05 10:00:00"],
        ["gbpusd", "–", "–", "–/–", "–", "–", "1.3", "–", "2026-01-05 08:00:00"],
        ["GER40", "1", "–", "–/EUR", "0.1 = 2.5", "operator", "–", "–", "–"],
    ]


@pytest.mark.usefixtures("installed")
async def test_a_list_is_shown_in_pieces(folder: Path) -> None:
    await cabinet("market", "instruments", str(folder / "instruments.csv"), *NEW)

    said = await cabinet("market", "list", *SERVER, "--after", "EURUSD", "--limit", "1")

    assert [row[0] for row in listed(said.out)] == ["GER40"]


async def test_real_histories_are_imported_with_their_symbol(installed: Connection) -> None:
    await accounts.know_server(installed, "Example-Live", "NewYork+7")
    bid, ask = (str(needs.data(f"market/gbpusd-m1-{side}-2012-02.csv")) for side in ("bid", "ask"))

    first = await cabinet("market", "quotes", bid, *SERVER, "--symbol", "GBPUSD")
    second = await cabinet("market", "quotes", ask, *SERVER, "--symbol", "GBPUSD", "--ask")

    assert (first.code, second.code) == (0, 0)
    quote = (await market.quotes(installed, "Example-Live", ["gbpusd"]))["gbpusd"]
    assert (str(quote.bid), str(quote.ask)) == ("1.59208000", "1.59216000")


async def test_a_bad_line_refuses_the_file_whole(installed: Connection, folder: Path) -> None:
    (folder / "instruments.csv").write_text(LIST + "XAUUSD,x,,,,,\n", "utf-8")
    (folder / "quotes.csv").write_text(QUOTES + "XAUUSD,1,1,yesterday\n", "utf-8")

    for name, words in (("instruments", ["line 4", "column digits"]), ("quotes", ["line 4", "column time"])):
        refused(await cabinet("market", name, str(folder / f"{name}.csv"), *NEW), f"{name}.csv", *words)

    assert await installed.value("SELECT count(*) FROM servers") == 0


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("name", ["instruments", "quotes"])
async def test_what_is_no_file_is_refused(folder: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(folder / "pipe")
    monkeypatch.setattr(command, "LARGEST", 10)

    refused(await cabinet("market", name, str(folder / "nothing.csv"), *NEW), "nothing.csv", "cannot be opened")
    refused(await cabinet("market", name, str(folder / "pipe"), *NEW), "pipe", "not a regular file")
    refused(await cabinet("market", name, str(folder), *NEW), "cannot be opened")
    refused(await cabinet("market", name, str(folder / f"{name}.csv"), *NEW), "more than")


@pytest.mark.usefixtures("installed")
async def test_a_server_nobody_knows_needs_a_clock(folder: Path) -> None:
    refused(await cabinet("market", "quotes", str(folder / "quotes.csv"), *SERVER), "--clock")
    refused(await cabinet("market", "list", *SERVER), "Example-Live")


@pytest.mark.usefixtures("installed")
async def test_a_history_without_symbols_needs_one_and_a_list_with_them_does_not(folder: Path) -> None:
    (folder / "bars.csv").write_text("2026.01.05,10:00,1,2,3,1.2,9\n", "utf-8")

    refused(await cabinet("market", "quotes", str(folder / "bars.csv"), *NEW), "--symbol")
    refused(await cabinet("market", "quotes", str(folder / "quotes.csv"), *NEW, "--symbol", "X"), "--symbol")


@pytest.mark.usefixtures("installed")
async def test_a_symbol_is_no_markup_and_has_no_control_characters(folder: Path) -> None:
    (folder / "quotes.csv").write_text("symbol,bid,time\n[red]X,1,2026-01-05\n", "utf-8")
    await cabinet("market", "quotes", str(folder / "quotes.csv"), *NEW)
    assert [row[0] for row in await rows()] == ["[red]x"]

    (folder / "quotes.csv").write_text("symbol,bid,time\nX\0,1,2026-01-05\n", "utf-8")
    refused(await cabinet("market", "quotes", str(folder / "quotes.csv"), *NEW), "quotes.csv", "line 2", "symbol")
